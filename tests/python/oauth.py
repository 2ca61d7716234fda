# A client that knows OAuth and nothing of us: PyPI requests-oauthlib.
# The first line of standard input is {origin, id, secret, way}; the answer is one line of JSON with what it was told.
import json
import os
import sys

# The server of the tests is on this machine, without TLS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error  # noqa: E402
from requests_oauthlib import OAuth2Session  # noqa: E402


def everything(session, address, origin, name="items"):
    """All items of a list, page after page."""
    found, pages, cursor = [], 0, None
    while True:
        query = {"pageSize": 150} | ({"cursor": cursor} if cursor else {})
        answer = session.get(origin + address, params=query)
        answer.raise_for_status()
        body = answer.json()
        found += body[name]
        pages += 1
        cursor = body.get("nextCursor")
        if cursor is None:
            return found, pages


def compatible(session, address, name):
    """The same at the paths that scripts for another product know."""
    found = []
    while address:
        answer = session.get(address)
        answer.raise_for_status()
        body = answer.json()
        found += body[name]
        address = body.get("nextLink")
    return found


def run(origin, id, secret, way):
    metadata = requests.get(origin + "/.well-known/oauth-authorization-server").json()
    scope = ["read:connection", "read:user"]
    session = OAuth2Session(client=BackendApplicationClient(client_id=id, scope=scope))
    by = {"auth": (id, secret)} if way == "basic" else {"client_secret": secret, "include_client_id": True}
    token = session.fetch_token(metadata["token_endpoint"], **by)
    connections, pages = everything(session, "/api/v1/connections", origin)
    users, _ = everything(session, "/api/v1/users", origin)
    theirs = compatible(session, origin + "/workflows/v1/connections", "connections")
    people = compatible(session, origin + "/tenants/v1/users", "users")
    refused = session.get(origin + "/api/v1/apps")
    told = {"token": token["access_token"]}
    introspect = lambda: requests.post(metadata["introspection_endpoint"], data=told, auth=(id, secret)).json()
    before = introspect()
    revoked = requests.post(metadata["revocation_endpoint"], data=told, auth=(id, secret))
    after = session.get(origin + "/api/v1/connections")
    return {
        "token": token,
        "connections": len({one["id"] for one in connections}),
        "listed": len(connections),
        "pages": pages,
        "emails": [user["email"] for user in users],
        "same": {one["id"] for one in theirs} == {one["id"] for one in connections},
        "people": [user["email"] for user in people],
        "lacking": refused.status_code,
        "before": before,
        "revoked": revoked.status_code,
        "after": introspect(),
        "refused": after.status_code,
        "challenge": after.headers.get("www-authenticate"),
    }


def main():
    asked = json.loads(sys.stdin.readline())
    try:
        told = run(**asked)
    except OAuth2Error as error:
        told = {"failed": error.error, "status": error.status_code, "words": error.description}
    print(json.dumps(told), flush=True)


main()
