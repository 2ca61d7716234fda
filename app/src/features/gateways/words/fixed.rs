//! Words that are always the same.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(in super::super) const $name: &str = $text;)+
    };
}

words! {
    /// The page.
    GATEWAYS = "Gateways";
    /// What the page is for.
    ABOUT = "Agents in your own network, through which connections reach what stands there. They only dial out.";
    /// One of them, in a sentence.
    GATEWAY = "gateway";
    /// Fetches the agent.
    DOWNLOAD = "Download Gateway";
    /// Begins.
    ADD = "Add gateway";
    /// Where there is none.
    FIRST = "No gateways yet";
    /// What to do there.
    FIRST_TEXT = "A gateway is a small program on a machine in your network. It dials out over port 443, and carries calls \
                  of connections to databases and systems that cannot be reached from outside.";
    /// Where no row fits.
    FILTERED = "No gateway fits";
    /// What to do there.
    FILTERED_TEXT = "Search for something else, or clear the filters.";
    /// Shows all again.
    CLEAR = "Clear filters";
    /// Searches.
    SEARCH = "Search gateways";
    /// No filter.
    ALL = "All";
    /// A column.
    SERVER = "Gateway server";
    /// A column.
    STATUS = "Status";
    /// A column.
    VERSION = "Version";
    /// A column.
    CREATED_BY = "Created by";
    /// A column.
    CREATED = "Created date";
    /// What could not be loaded.
    NOT_LOADED = "The list could not be loaded anew";
    /// Loads again.
    TRY_AGAIN = "Try again";
    /// When an agent was last there.
    LAST_SEEN = "Last seen";
    /// It never was.
    NEVER = "Never";
    /// What to do about a gateway of which a part fails, on its own page.
    SEE_BELOW = "One of its machines or targets below fails. Calls go on through the others.";
    /// Since when something is so.
    SINCE = "since";
    /// A name.
    NAME = "Gateway name";
    /// What a name is for.
    NAME_HELP = "Such as the place that it stands in. Connections show it.";
    /// Does nothing.
    CANCEL = "Cancel";
    /// Ends.
    DONE = "Done";
    /// Leads to it.
    OPEN = "Open gateway";
    /// Changes the name.
    RENAME = "Rename";
    /// It was saved.
    SAVED = "is saved.";
    /// One more agent.
    ADD_MACHINE = "Add a machine";
    /// What that is for.
    MACHINE_TEXT = "A one-time code lets an agent on one more machine join this gateway. Calls are spread over all of its \
                    machines, so that one of them can be updated or fail without a failed call.";
    /// Makes a code.
    MAKE_CODE = "Make a code";
    /// A code.
    CODE = "One-time code";
    /// What it is for.
    CODE_HELP = "For one machine, once. It is shown now and never again.";
    /// Before how long it is good.
    GOOD_FOR = "Good for";
    /// An answer that was repeated.
    CODE_LOST = "The code was shown before. Make a new one.";
    /// It is not good any more.
    CODE_OVER = "The code is more than 10 minutes old";
    /// What to do then.
    CODE_OVER_TEXT = "Nobody can join with it any more. Make a new one.";
    /// What to do with the lines.
    PASTE = "Paste these lines into a terminal on the machine:";
    /// Lines to paste.
    LINES = "Commands";
    /// Copies them.
    COPY_LINES = "Copy commands";
    /// Parts the commands.
    SYSTEM = "System of the machine";
    /// Nothing has joined yet.
    WAITING = "Waiting for the machine. This page says so when it is online.";
    /// What to do next.
    IS_ONLINE_TEXT = "Say in its configuration what calls may reach: the targets. They appear on the gateway's page.";
    /// Switches off.
    DISABLE = "Disable";
    /// What that does.
    DISABLE_TEXT = "Its links are closed and no call goes through it until it is enabled again. Its machines keep their \
                    keys and wait.";
    /// It is off.
    DISABLED = "is disabled.";
    /// Switches on.
    ENABLE = "Enable";
    /// It is on.
    ENABLED = "is enabled. Its machines come back within a minute.";
    /// New keys.
    ROTATE = "Rotate key";
    /// What that does.
    ROTATE_TEXT = "Every machine that is online makes a new key; the present one is worth nothing then. Links stay and calls \
                   go on. Machines that are offline keep the keys that they have.";
    /// A newer agent.
    UPDATE = "Update";
    /// What to do.
    UPDATE_TEXT = "Put the newest agent in the place of the one that is there, then start it anew. It lets calls come to \
                   their end. Where the gateway has several machines, update one after the other: the others take the calls.";
    /// What follows.
    UPDATE_AFTER = "The version here changes as soon as the agent is back.";
    /// The end.
    DISCONNECT = "Disconnect";
    /// What that does.
    DISCONNECT_TEXT = "The gateway is removed from this tenant for good. Its keys are destroyed, and connections through it \
                       become invalid with the reason “its gateway was disconnected”.";
    /// It is gone.
    DISCONNECTED = "is disconnected.";
    /// While something is looked up.
    LOOKING = "Looking what uses it.";
    /// The agents.
    MACHINES = "Machines";
    /// One of them, in a sentence.
    MACHINE = "machine";
    /// A column.
    MACHINE_NAME = "Machine";
    /// Where there is none.
    NO_MACHINES = "No machine has joined";
    /// What to do there.
    NO_MACHINES_TEXT = "Make a code and enrol the agent with it on a machine in your network.";
    /// When it joined.
    JOINED = "Joined";
    /// It takes no new calls.
    DRAINING = "Draining";
    /// Takes no new calls.
    DRAIN = "Drain";
    /// What that does.
    DRAIN_TEXT = "It gets no new calls; those under way come to their end. Then it can be updated or stopped without a failed \
                  call. When its agent is started anew it takes calls again.";
    /// It does.
    DRAINED = "takes no new calls.";
    /// Removes a machine.
    REMOVE = "Remove";
    /// What that does.
    REMOVE_TEXT = "Its link is closed and its key destroyed: the agent there stops and says why. To join again it needs a new \
                   code.";
    /// What that does to the last one.
    REMOVE_LAST = "It is the only machine of this gateway: no call goes through it then.";
    /// It is gone.
    REMOVED = "is removed.";
    /// What is reached.
    TARGETS = "Targets";
    /// What they are.
    TARGETS_TEXT = "What the configuration of its agents lets calls reach. The health of a target is not that of the link.";
    /// A column.
    TARGET = "Target";
    /// A column.
    KIND = "Kind";
    /// Where there is none.
    NO_TARGETS = "No targets";
    /// What to do there.
    NO_TARGETS_TEXT = "Name what calls may reach in the agent's configuration, gateway.toml: a call to anything else is refused \
                       there.";
    /// How a target is.
    REACHABLE = "Reachable";
    /// How a target is.
    FAILING = "Failing";
    /// How a target is.
    NOT_LOOKED_AT = "Not looked at yet";
    /// How a target is.
    NOT_KNOWN = "Not known";
    /// What goes through it.
    CONNECTIONS = "Connections";
    /// A column.
    CONNECTION = "Connection name";
    /// A column.
    OWNER = "Owner";
    /// It is deleted and can be restored.
    DELETED = "Deleted";
    /// Where there is none.
    NO_CONNECTIONS = "No connection goes through it";
    /// What to do there.
    NO_CONNECTIONS_TEXT = "Add a connection of a connector that works through a gateway, such as Microsoft SQL Server, and \
                           select this gateway.";
    /// What happened.
    EVENTS = "Recent events";
    /// What is there.
    EVENTS_TEXT = "What happened to its links and targets. What people did with it is in the";
    /// The other list.
    AUDIT_LOG = "audit log";
    /// A column.
    EVENT = "Event";
    /// A column.
    WHY = "Reason";
    /// A column.
    WHEN = "When";
    /// Where there is none.
    NO_EVENTS = "Nothing has happened yet";
    /// A figure.
    ROUND_TRIP = "Round trip";
    /// A figure.
    CALLS = "Calls";
    /// A figure.
    BYTES = "Bytes carried";
    /// Nothing is known.
    DASH = "—";
    /// There is no such gateway.
    MISSING = "There is no such gateway";
    /// Why, and what to do.
    MISSING_TEXT = "It may have been disconnected. The list shows those that there are.";
    /// What is offered.
    DOWNLOAD_TEXT = "One program without anything to install beside it. Add a gateway first: its code is what the agent joins \
                     with.";
    /// Fetches a file.
    FETCH = "Download";
    /// The reader's own system.
    YOUR_SYSTEM = "This system";
    /// How large it is.
    SIZE = "Size";
    /// Its sum.
    SHA256 = "SHA-256";
    /// Copies it.
    COPY_SUM = "Copy the SHA-256";
    /// In the place of a code.
    YOUR_CODE = "<your code>";
    /// Nothing is served.
    NOT_SERVED = "This deployment serves no installers";
    /// What to do then.
    NOT_SERVED_TEXT = "It was built without them. Build the agent from Drawbridge's source, or have whoever runs this deployment \
                       build it with the release.";
    /// The same beside commands.
    NOT_SERVED_SHORT = "This deployment serves no installers: build the agent from source first, as Download Gateway shows.";
    /// From source.
    BUILD = "Build it from source";
    /// How.
    BUILD_LINES = "cargo build -p drawbridge-gateway --profile gateway\nsudo install -m 755 \
                   target/gateway/drawbridge-gateway /usr/local/bin/drawbridge-gateway";
    /// As a service.
    SERVICE = "As a service";
    /// What the lines do.
    SERVICE_TEXT = "With systemd on Linux, as a Windows service in a terminal of an administrator. The agent then runs at every \
                    start of the machine.";
    /// In a container.
    CONTAINER = "In a container";
    /// How.
    CONTAINER_LINES = "FROM scratch\nADD drawbridge-gateway /drawbridge-gateway\nCOPY ca-certificates.crt \
                       /etc/ssl/certs/ca-certificates.crt\nUSER 65532:65532\nENTRYPOINT [\"/drawbridge-gateway\", \"--config\", \
                       \"/etc/drawbridge-gateway/gateway.toml\"]\nCMD [\"run\"]";
    /// What they do.
    CONTAINER_TEXT = "The program for Linux needs no image below it. Keep /var/lib/drawbridge-gateway in a volume that belongs to \
                      user 65532: the key is there. Enrol once with the same volume, then run.";
}

/// The longest name, as a field counts it.
#[expect(clippy::cast_possible_truncation, reason = "a name is short")]
pub(in super::super) const NAME_MOST: u32 = drawbridge_domain::gateway::NAME_MAX as u32;
