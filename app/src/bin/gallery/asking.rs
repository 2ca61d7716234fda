//! Fields and forms.

use drawbridge_app::ui::{
    Button, Card, Checkbox, Choice, FilterSelect, Form, InputKind, RadioCards, SearchBox, SecretDisplay,
    SecretField, SelectField, TextAreaField, TextField, Variant,
};
use leptos::prelude::*;

use super::section;

pub(super) fn part() -> AnyView {
    view! {
        {section("fields", "Fields", fields())} {section("choices", "Choices", choosing())}
        {section("cards", "Cards to choose from", cards())} {section("form", "A form", form())}
        {section("filters", "Search and filters", filters())}
    }
    .into_any()
}

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn fields() -> AnyView {
    view! {
        <div class="grid">
            <TextField label="Connection name" value=text("Salesforce EU") help="1 to 100 characters." required=true />
            <TextField label="Subdomain" value=text("acme") prefix="https://" suffix=".zendesk.com" required=true />
            <TextField label="Host" value=text("") placeholder="api.example.com" help="Without the path." />
            <TextField
                label="Name with an error"
                value=text("Sales@force")
                error="A name cannot contain “@”."
                help="None of the characters that addresses use."
                required=true
            />
            <TextField
                label="Affixed with an error"
                value=text("ac me")
                suffix=".zendesk.com"
                error="A subdomain cannot contain a space."
            />
            <TextField label="Connection id" value=text("cn_01j9x6t4k2") read_only=true code=true />
            <TextField label="E-mail" value=text("") kind=InputKind::Email autocomplete="email" />
            <SecretField label="Client secret" value=text("s3cr3t-of-the-client") required=true />
            <SecretField label="API key" value=text("") keeps=true help="Last changed 3 months ago." />
            <SecretField label="Secret with an error" value=text("abc") error="The provider refused this secret." />
            <SecretDisplay
                label="New client secret"
                value="db_secret_7f3b2c9a4e5d"
                help="Shown this once. Copy it now; it cannot be shown again."
            />
            <SecretDisplay label="Redirect URL" value="https://console.example/oauth/callback" open=true />
            <SelectField
                label="Environment"
                value=text("production")
                options=vec![Choice::new("production", "Production"), Choice::new("sandbox", "Sandbox")]
            />
            <SelectField
                label="Select with an error"
                value=text("")
                options=vec![Choice::new("", "Choose one"), Choice::new("eu", "Europe")]
                error="Choose a region."
                required=true
            />
            <TextAreaField label="Note" value=text("") help="Seen by everyone who may use the connection." />
            <TextAreaField label="Private key" value=text("-----BEGIN") error="The key is cut short." code=true />
        </div>
    }
    .into_any()
}

fn choosing() -> AnyView {
    view! {
        <div class="stack-small">
            <Checkbox label="Connect to the sandbox" checked=RwSignal::new(false) help="Uses test.salesforce.com." />
            <Checkbox label="Share with everyone" checked=RwSignal::new(true) />
            <Checkbox
                label="Ask for offline access"
                checked=RwSignal::new(true)
                disabled_reason="The connector needs it to refresh tokens."
            />
            <Checkbox
                label="I have copied the secret"
                checked=RwSignal::new(false)
                error="Tick this once you have copied it."
            />
        </div>
    }
    .into_any()
}

fn cards() -> AnyView {
    let chosen = text("zendesk");
    let card = |value: &str, title: &str, text: &str| Card {
        value: value.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        picture: Some(["/icons/connectors/", value, ".svg"].concat()),
        disabled_reason: None,
    };
    let mut all = vec![
        card("salesforce", "Salesforce", "CRM"),
        card("box", "Box", "Files"),
        card("zendesk", "Zendesk", "Support"),
        card("http", "HTTP", "Anything with an API"),
        card("sandbox-crm", "Sandbox CRM", "For trying things out"),
    ];
    let mut off = card("box", "Box (old)", "");
    "box-old".clone_into(&mut off.value);
    off.disabled_reason = Some("Switched off by an administrator.".to_owned());
    all.push(off);
    let ways = vec![
        Card {
            value: "oauth".to_owned(),
            title: "OAuth 2.0".to_owned(),
            text: "Sign in at the provider; nothing to type here.".to_owned(),
            ..Card::default()
        },
        Card {
            value: "key".to_owned(),
            title: "API key".to_owned(),
            text: "Paste a key that the provider gave you.".to_owned(),
            ..Card::default()
        },
    ];
    view! {
        <RadioCards label="Connector" value=chosen cards=all grid=true required=true />
        <RadioCards label="Way to sign in" value=text("") cards=ways error="Choose one of the two." />
    }
    .into_any()
}

fn form() -> AnyView {
    let name = text("");
    let region = text("");
    let tried = RwSignal::new(false);
    let saved = RwSignal::new(0);
    let problem = RwSignal::new(None::<String>);
    let name_error = move || {
        (tried.get() && name.with(String::is_empty)).then(|| "Give the connection a name.".to_owned())
    };
    let region_error =
        move || (tried.get() && region.with(String::is_empty)).then(|| "Choose a region.".to_owned());
    let submit = move || {
        tried.set(true);
        if name_error().is_some() || region_error().is_some() {
            return;
        }
        saved.update(|saved| *saved += 1);
        problem.set(Some("The name is taken. Choose another one.".to_owned()));
    };
    view! {
        <div class="box">
            <Form id="example" on_submit=submit problem=problem>
                <TextField label="Name" value=name error=Signal::derive(name_error) required=true />
                <SelectField
                    label="Region"
                    value=region
                    options=vec![Choice::new("", "Choose one"), Choice::new("eu", "Europe"), Choice::new("us", "USA")]
                    error=Signal::derive(region_error)
                    required=true
                />
                <div class="form-actions">
                    <output class="muted number" id="saved">{move || saved.get()}</output>
                    <Button label="Save" variant=Variant::Primary submit=true />
                </div>
            </Form>
        </div>
    }
    .into_any()
}

fn filters() -> AnyView {
    let query = text("");
    let status = text("invalid");
    view! {
        <div class="toolbar">
            <SearchBox label="Search connections" value=query on_search=move |text| query.set(text) hotkey=true />
            <FilterSelect
                label="Status"
                value=status
                options=vec![Choice::new("", "Any"), Choice::new("active", "Active"), Choice::new("invalid", "Invalid")]
                on_choose=move |value| status.set(value)
            />
            <FilterSelect
                label="Connector"
                value=""
                options=vec![Choice::new("", "Any"), Choice::new("box", "Box")]
                on_choose=|_| ()
            />
            <span class="toolbar-end muted" id="searched">{move || query.get()}</span>
        </div>
    }
    .into_any()
}
