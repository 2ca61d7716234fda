//! The pages of the console and what can be done from everywhere.

use drawbridge_domain::role::{Page as Rule, Role};

use super::entry::{Act, Entry};
use super::words;
use crate::paths;
use crate::shell::{self, Session, Theme};
use crate::ui::Icon;

/// What the role lacks, in few words.
fn lacking(role: Role, needed: Option<Role>) -> Option<String> {
    needed.filter(|needed| !role.includes(*needed)).map(shell::words::needs)
}

/// All pages; those beyond the role say so.
pub(super) fn pages(session: Session) -> Vec<Entry> {
    let (slug, role) = (session.slug(), session.role());
    let page = |(area, page, label, icon): shell::PageEntry| {
        let needed = page.rule().map(Rule::needs);
        let to = paths::page(&slug, &page);
        Entry::go(&["page:", &to].concat(), label, icon, to).detail(area).refused(lacking(role, needed))
    };
    let mut pages: Vec<Entry> = shell::all_pages().into_iter().map(page).collect();
    let within = |key: &str, label: &str, icon, to, area: &str, rule: Rule| {
        Entry::go(key, label, icon, to).detail(area).refused(lacking(role, Some(rule.needs())))
    };
    pages.push(within(
        "page:groups",
        words::GROUPS,
        Icon::Users,
        paths::groups(&slug),
        shell::words::PEOPLE,
        Rule::People,
    ));
    pages.push(within(
        "page:deleted",
        words::DELETED,
        Icon::Trash,
        paths::with(paths::connections(&slug), "view", "deleted"),
        shell::words::AUTOMATE,
        Rule::Connections,
    ));
    pages
}

/// All that can be done from everywhere.
pub(super) fn actions(session: Session) -> Vec<Entry> {
    let (slug, role) = (session.slug(), session.role());
    let people = lacking(role, Some(Rule::People.needs()));
    let credentials = lacking(role, Some(Rule::AppsAndTokens.needs()));
    let token = paths::with(paths::apps_and_tokens(&slug), "open", "create");
    let open = |path: String| paths::with(path, "open", "add");
    let mut actions = vec![
        Entry::go("do:add-connection", words::ADD_CONNECTION, Icon::Plus, paths::add_connection(&slug, None))
            .also("new make create connect")
            .refused(lacking(role, Some(Rule::Connections.needs()))),
        Entry::go("do:add-user", words::ADD_USER, Icon::Plus, open(paths::users(&slug)))
            .also("new invite person")
            .refused(people.clone()),
        Entry::go("do:new-group", words::NEW_GROUP, Icon::Plus, open(paths::groups(&slug)))
            .also("add make create")
            .refused(people),
        Entry::go("do:add-webhook", words::ADD_WEBHOOK, Icon::Plus, open(paths::webhooks(&slug)))
            .also("new make create endpoint")
            .refused(lacking(role, Some(Rule::Webhooks.needs()))),
        Entry::go("do:add-gateway", words::ADD_GATEWAY, Icon::Plus, open(paths::gateways(&slug)))
            .also("new make create agent on-premises")
            .refused(lacking(role, Some(Rule::Gateways.needs()))),
        Entry::go("do:add-app", words::ADD_APP, Icon::Plus, open(paths::apps_and_tokens(&slug)))
            .also("new make create client secret api")
            .refused(credentials.clone()),
        Entry::go("do:new-token", words::NEW_TOKEN, Icon::Plus, token)
            .also("add make personal access pat api")
            .refused(credentials),
        Entry::go("do:password", shell::words::CHANGE_PASSWORD, Icon::Key, paths::change_password(&slug))
            .also("own account"),
    ];
    actions.extend(Theme::ALL.map(|theme| {
        Entry::go(
            &["do:theme-", shell::theme_name(theme)].concat().replace(' ', "-"),
            shell::theme_name(theme),
            shell::theme_icon(theme),
            String::new(),
        )
        .also("change mode appearance colours")
        .doing(Act::Theme(theme))
    }));
    if let Some(who) = session.who() {
        let others = who.tenants.iter().filter(|tenant| tenant.id != who.tenant.id);
        actions.extend(others.map(|tenant| {
            let to = paths::home(&tenant.slug);
            Entry::go(
                &["do:switch-", &tenant.slug].concat(),
                words::switch_to(&tenant.name),
                Icon::Building,
                to,
            )
            .also("tenant change")
        }));
    }
    actions.push(
        Entry::go("do:sign-out", shell::words::SIGN_OUT, Icon::SignOut, String::new())
            .also("log out leave")
            .doing(Act::SignOut),
    );
    actions
}
