use super::load::parse;
use super::secret::Secret;
use super::{Auth, LogFormat, Settings, first_file};

const BASE: &str = "server = \"https://drawbridge.example.org\"\n";

fn fault(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn the_first_file_is_right_and_so_are_its_comments() {
    let text = first_file("https://drawbridge.example.org");
    let config = parse(&text).unwrap();
    assert_eq!(config.server.origin(), "https://drawbridge.example.org");
    assert!(config.targets.is_empty());
    // What is commented out is right as well, once the marks are taken away.
    let settings = |line: &str| line.starts_with("# ") && (line.contains(" = ") || line.starts_with("# [["));
    let all: String = text
        .lines()
        .map(|line| if settings(line) { line.trim_start_matches("# ") } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    let config = parse(&all).unwrap();
    assert_eq!((config.targets.len(), config.log), (2, LogFormat::Text));
    assert!(config.proxy.is_some_and(|proxy| proxy.login.is_some()));
}

#[test]
fn targets_are_read() {
    let config = parse(&format!(
        r#"{BASE}
[[target]]
name = "intranet"
kind = "http"
url = "https://intranet.corp.local/api"
auth = "bearer"
token_env = "TOKEN"
paths = ["/v1/*", "/health"]

[[target]]
name = "SQL01"
kind = "sqlserver"
host = "sql01.corp.local"
database = "Orders"
login = "gateway"
user = "svc"
password_file = "/etc/x"
"#
    ))
    .unwrap();
    let Settings::Http(http) = &config.targets[0].settings else { panic!() };
    assert_eq!(http.auth, Auth::Bearer(Some(Secret::Variable("TOKEN".to_owned()))));
    assert_eq!(http.paths.as_ref().map(Vec::len), Some(2));
    let Settings::Sql(sql) = &config.targets[1].settings else { panic!() };
    assert_eq!((sql.host.as_str(), sql.port), ("sql01.corp.local", 1433));
    assert!(sql.login.is_some());
}

#[test]
fn a_mistake_has_its_line_and_keeps_what_stands_there_to_itself() {
    let said = fault(&format!("{BASE}\npassword = \"hunter2\"\n"));
    assert!(said.starts_with("line 3: ") && said.contains("password_file"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    let said = fault(&format!("{BASE}log = \"xml\""));
    assert_eq!(said, "line 2: log is text or json");
    assert!(fault("server = \"https://a\"\nserver = \"https://b\"").starts_with("line 2: "));
    assert!(fault("# nothing").contains("server"));
    assert!(fault("server = ").starts_with("line 1: "));
}

#[test]
fn each_setting_is_checked() {
    let wrong = [
        ("server = \"http://drawbridge.example.org\"", "https://"),
        ("server = \"https://a/tenant\"", "without a path"),
        ("server = \"https://u:p@a\"", "must not stand in a URL"),
        ("server = \"https://a\"\nlisten = \"0.0.0.0:9464\"", "this machine only"),
        ("server = \"https://a\"\nproxy = \"http://p:1/x\"", "without a path"),
        ("server = \"https://a\"\nproxy_user = \"x\"", "needs “proxy”"),
        ("server = \"https://a\"\nproxy = \"http://p:1\"\nproxy_user = \"x\"", "belong together"),
        (
            "server = \"https://a\"\n[[target]]\nname = \"a\"\nkind = \"http\"",
            "line 2: this target needs “url”",
        ),
        ("server = \"https://a\"\n[[target]]\nname = \"../a\"\nkind = \"http\"", "line 3: a target's name"),
        ("server = \"https://a\"\n[[target]]\nname = \"a\"\nkind = \"ftp\"", "line 4: a target's kind"),
    ];
    for (text, words) in wrong {
        let said = fault(text);
        assert!(said.contains(words), "{text}: {said}");
    }
}

#[test]
fn settings_that_mean_nothing_are_mistakes() {
    let http = format!("{BASE}[[target]]\nname = \"a\"\nkind = \"http\"\nurl = \"https://a\"\n");
    for (more, words) in [
        ("host = \"x\"", "databases only"),
        ("rows = 5", "databases only"),
        ("login = \"gateway\"", "another auth"),
        ("auth = \"ntlm\"\nlogin = \"connection\"\nuser = \"u\"", "login = \"gateway\""),
        ("auth = \"ntlm\"\nlogin = \"here\"", "gateway or connection"),
        ("auth = \"ntlm\"", "needs “user”"),
        ("user = \"x\"", "auth = \"basic\""),
        ("token_env = \"x\"", "auth = \"bearer\""),
        ("auth = \"basic\"", "needs “user”"),
        ("auth = \"basic\"\nuser = \"u\"", "password_file or password_env"),
        ("auth = \"basic\"\nuser = \"u\"\npassword_file = \"f\"\npassword_env = \"e\"", "one place"),
        ("auth = \"bearer\"", "token_file or token_env"),
        ("auth = \"kerberos\"", "none, basic, ntlm or bearer"),
        ("port = 5", "stands in its url"),
        ("paths = [\"v1\"]", "line 6: "),
    ] {
        let said = fault(&format!("{http}{more}"));
        assert!(said.contains(words), "{more}: {said}");
    }
    let sql =
        format!("{BASE}[[target]]\nname = \"a\"\nkind = \"postgres\"\nhost = \"h\"\ndatabase = \"d\"\n");
    assert!(parse(&sql).is_ok());
    for (more, words) in [
        ("url = \"https://a\"", "http targets only"),
        ("user = \"x\"", "login = \"gateway\""),
        ("encryption = \"maybe\"", "required or off"),
        ("encryption = \"strict\"", "sqlserver only"),
        ("rows = 0", "1 to 10000"),
        ("port = 0", "no port"),
        ("port = 70000", "line 7"),
        ("paths = [\"/\"]", "http targets only"),
    ] {
        let said = fault(&format!("{sql}{more}"));
        assert!(said.contains(words), "{more}: {said}");
    }
}

#[test]
fn names_differ_in_more_than_capitals() {
    let one = |name: &str| format!("[[target]]\nname = \"{name}\"\nkind = \"http\"\nurl = \"https://a\"\n");
    let said = fault(&format!("{BASE}{}{}", one("SQL01"), one("sql01")));
    assert!(said.starts_with("line 7: another target is called SQL01"), "{said}");
}

#[cfg(unix)]
#[test]
fn secrets_that_others_may_read_are_refused() {
    use std::os::unix::fs::PermissionsExt;

    let folder = std::env::temp_dir().join(format!("gateway-secret-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("password");
    std::fs::write(&file, "hunter2\n").unwrap();
    let with = |mode| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        Secret::File(file.clone()).read()
    };
    assert_eq!(with(0o600).unwrap().as_str(), "hunter2");
    assert_eq!(with(0o640).unwrap().as_str(), "hunter2");
    let said = with(0o644).unwrap_err();
    assert!(said.contains("chmod 640") && !said.contains("hunter2"), "{said}");
    std::fs::write(&file, "two\nlines\n").unwrap();
    assert!(with(0o600).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}
