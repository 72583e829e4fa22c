//! Telling secrets from what everybody may read.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use sha2::{Digest, Sha256};

/// Stands for what was taken out.
pub(crate) const REDACTED: &str = "redacted";

/// A variable with one of these in its name holds a secret.
const SECRET: &[&str] = &["TOKEN", "KEY", "SECRET", "PASSWORD", "PASS", "AUTH", "CREDENTIAL", "COOKIE"];

/// A setting of a file with one of these words in its name holds a secret. Whole words, since files have settings such
/// as `passport` and `ueberauth`.
const SECRET_WORDS: &[&str] = &[
    "apikey",
    "auth",
    "authtoken",
    "cookie",
    "credential",
    "credentials",
    "key",
    "keys",
    "pass",
    "passwd",
    "password",
    "salt",
    "secret",
    "secrets",
    "token",
    "tokens",
];

/// A word that ends so is one of them: PGPASSWORD, accesstoken.
const SECRET_ENDS: &[&str] = &["password", "passwd", "secret", "token", "apikey"];

/// An environment variable's value without what nobody else may read: secrets that its name tells of, credentials in
/// addresses, and the secret ones of several settings in it, as NIX_CONFIG has them.
pub(crate) fn without_secrets(name: &str, value: &str) -> String {
    if is_secret(name) {
        return REDACTED.to_owned();
    }
    without_secret_settings(&without_credentials(value))
}

/// A file's text without the values of settings that are named like secrets, and without what looks like the tokens of
/// well-known services wherever it stands. Quotes and commas stay, so that the text is still what it was: Nix's and
/// npm's settings, TOML, JSON, YAML, shell, Elixir.
pub(crate) fn without_secret_settings(text: &str) -> String {
    if !may_hold_a_secret(text) {
        return text.to_owned();
    }
    let text = settings_hidden(text, DEPTH);
    let each = |text: String, pattern: &LazyLock<Option<Regex>>| match pattern.as_ref() {
        Some(pattern) => {
            let hidden = |found: &Captures<'_>| {
                let before = found.name("before").map_or("", |before| before.as_str());
                match is_sealed(&found[0][before.len()..]) {
                    true => found[0].to_owned(),
                    false => format!("{before}{REDACTED}"),
                }
            };
            pattern.replace_all(&text, hidden).into_owned()
        }
        None => text,
    };
    [&OPTION, &BEARER, &INSTRUCTION, &TOKEN].into_iter().fold(text, each)
}

/// Settings may stand in the value of another one, as in a shell hook; so deep is looked.
const DEPTH: usize = 3;

fn settings_hidden(text: &str, depth: usize) -> String {
    let Some(setting) = SETTING.as_ref() else { return text.to_owned() };
    let hidden = |found: &Captures<'_>| {
        let (name, is, value) = (&found["name"], &found["is"], &found["value"]);
        if refers(value) || is_sealed(value.trim_start_matches(['"', '\''])) {
            return found[0].to_owned();
        }
        let quote = match value {
            value if value.starts_with('"') => "\"",
            value if value.starts_with('\'') => "'",
            _ => "",
        };
        if names_a_secret(name) {
            return format!("{name}{is}{quote}{REDACTED}{quote}");
        }
        match value.strip_prefix(['"', '\'']) {
            Some(inside) if depth > 0 => format!("{name}{is}{quote}{}", settings_hidden(inside, depth - 1)),
            // A tool's message begins like a setting: `acme: cannot log in with token=…`.
            None if depth > 0 => format!("{name}{is}{}", settings_hidden(value, depth - 1)),
            _ => found[0].to_owned(),
        }
    };
    setting.replace_all(text, hidden).into_owned()
}

/// What every secret that is known here goes with, in small letters: most texts have none of it, and are not looked at
/// any further.
const HINTS: &[&str] = &[
    "auth", "cred", "key", "pass", "salt", "secret", "token", "cookie", "bearer", "gh", "glpat-", "hf_",
    "sk-", "npm_", "xox", "akia", "eyj",
];

fn may_hold_a_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    HINTS.iter().any(|hint| text.contains(hint))
}

/// The same of a part that is shown, and without credentials in addresses.
pub(crate) fn without_literal_secrets(text: &str) -> String {
    let text = without_secret_settings(&without_credentials(text));
    match SEALED.as_ref().filter(|_| text.contains(REDACTED)) {
        Some(sealed) => sealed.replace_all(&text, "$open").into_owned(),
        None => text,
    }
}

/// Text without what looks like the tokens of well-known services.
pub(crate) fn without_tokens(text: &str) -> String {
    match TOKEN.as_ref().filter(|_| may_hold_a_secret(text)) {
        Some(token) => token.replace_all(text, REDACTED).into_owned(),
        None => text.to_owned(),
    }
}

/// The text of something of that name without secrets, but with a mark that tells it from other such texts. The mark is so
/// little of a digest that nobody finds out by it what was digested.
pub(crate) fn sealed(name: &str, text: &str) -> String {
    if is_sealed(text) {
        return text.to_owned();
    }
    let open = without_secrets(name, text);
    match open == text {
        true => open,
        false => format!("{open}#{}", mark(text)),
    }
}

/// The same of the words of a command, of which one may say that the next is a secret.
pub(crate) fn sealed_words(argv: &[String]) -> Vec<String> {
    let is_secret = |text: &str| without_secrets("", text) != text;
    let before = std::iter::once("").chain(argv.iter().map(String::as_str));
    let word = |(before, word): (&str, &String)| {
        let open = sealed("", word);
        match open == *word && !is_secret(before) && is_secret(&format!("{before} {word}")) {
            true => format!("{REDACTED}#{}", mark(word)),
            false => open,
        }
    };
    before.zip(argv).map(word).collect()
}

fn mark(text: &str) -> String {
    Sha256::digest(text).iter().take(2).map(|byte| format!("{byte:02x}")).collect()
}

fn is_sealed(text: &str) -> bool {
    text.strip_prefix(REDACTED).is_some_and(|rest| rest.starts_with('#'))
}

static SEALED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?<open>redacted[^\s"'#]*)#[0-9a-f]{4}\b"#).ok());

/// Whether a value only says where the secret stands, as in OpenCode's configuration.
fn refers(value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'']);
    value.starts_with("{env:") || value.starts_with("{file:")
}

/// `name = value to the line's end`, `NAME=word`, `name: "value"`. What begins like a list, a tuple or an atom is code.
static SETTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let is = r#"["']?(?:[ \t]*(?:=>|=|:)[ \t]+|=|["']:)"#;
    let value = r#""(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s"'{}\[\]()<>,;:=][^"'{}\[\](),;\n]*"#;
    Regex::new(&format!(r#"(?<name>[A-Za-z_][\w.-]*)(?<is>{is})(?<value>{value})"#)).ok()
});

/// `--auth-key word`, `-setcookie word`.
static OPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?<before>(?:^|[\s"'])--?(?:[a-z]+-)*(?:key|token|password|passwd|secret|cookie|setcookie)[ \t=]+["']?)[^\s"'\\{$-][^\s"'\\]*"#,
    )
    .ok()
});

/// What a header says of who asks.
static BEARER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?<before>\b(?:Bearer[ \t]+|(?i:authorization)["']?[ \t]*[:=][ \t]*["']?(?:(?i:basic|bearer|token)[ \t]+)?))(?:[^\s"'\\{}$<,]{6,})"#,
    )
    .ok()
});

/// `ENV API_TOKEN word` of a Dockerfile.
static INSTRUCTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?m)(?<before>^[ \t]*(?:ENV|ARG)[ \t]+\w*(?:TOKEN|KEY|SECRET|PASSWORD|PASS|CREDENTIAL)\w*[ \t]+)[^\s${=].*$",
    )
    .ok()
});

/// Tokens of GitHub, GitLab, Hugging Face, OpenAI and its likes, npm, Slack and AWS, and JSON web tokens.
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{16,}|sk-[\w-]{16,}|npm_[A-Za-z0-9]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+)",
    )
    .ok()
});

fn is_secret(name: &str) -> bool {
    // The path of a socket, without which the agent cannot be asked.
    if name == "SSH_AUTH_SOCK" {
        return false;
    }
    let name = name.to_uppercase();
    SECRET.iter().any(|secret| name.contains(secret))
}

/// `secret_key_base`, `apiKey`, `_authToken`; what says that it is public is not meant.
fn names_a_secret(name: &str) -> bool {
    let (mut spaced, mut before) = (String::new(), ' ');
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        before = c;
        spaced.extend(if c.is_alphanumeric() { c.to_lowercase().next() } else { Some(' ') });
    }
    let is_secret =
        |word: &str| SECRET_WORDS.contains(&word) || SECRET_ENDS.iter().any(|end| word.ends_with(end));
    let secret = spaced.split_whitespace().any(is_secret);
    secret && !spaced.split_whitespace().any(|word| word == "public")
}

/// URLs without the name and password before their host, and without what is secret in their query.
pub(crate) fn without_credentials(text: &str) -> String {
    let text = without_names(text);
    let (Some(url), Some(parameter), true) = (URL.as_ref(), PARAMETER.as_ref(), text.contains("://")) else {
        return text;
    };
    let hidden = |found: &Captures<'_>| {
        let (before, value) = (&found["before"], &found["value"]);
        let behind = &value[value.trim_end_matches([',', ';', '.', ')', ']', '}']).len()..];
        let word = found["name"].to_lowercase();
        match names_a_secret(&found["name"]) || SECRET_PARAMETERS.contains(&word.as_str()) {
            true if value.len() > behind.len() => format!("{before}{REDACTED}{behind}"),
            _ => found[0].to_owned(),
        }
    };
    url.replace_all(&text, |url: &Captures<'_>| parameter.replace_all(&url[0], hidden).into_owned())
        .into_owned()
}

/// What a query says in these is a secret, too.
const SECRET_PARAMETERS: &[&str] = &["pwd", "sig", "signature", "x-amz-signature", "x-goog-signature"];

static URL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"://[^\s"'<>`]+"#).ok());

static PARAMETER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?<before>[?&#](?<name>[\w.\-%\[\]]+)=)(?<value>[^&#]*)").ok());

fn without_names(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + 3);
        kept.push_str(before);
        let authority = after
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>'))
            .unwrap_or(after.len());
        rest = match after[..authority].rfind('@') {
            Some(at) => {
                kept.push_str(REDACTED);
                &after[at..]
            }
            None => after,
        };
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_and_the_rest_of_the_url_stays() {
        assert_eq!(without_credentials("git+https://u:p@h/x"), "git+https://redacted@h/x");
        assert_eq!(without_credentials("https://h/x@y"), "https://h/x@y");
        assert_eq!(without_credentials("a https://t@h b ://"), "a https://redacted@h b ://");
        for (url, open) in [
            (
                "http://h/?a=1&b=2&c=3&d=4&access_token=s3&e=5",
                "http://h/?a=1&b=2&c=3&d=4&access_token=redacted&e=5",
            ),
            (
                "{url: http://h:1/p?apiKey=s%333, timeout: 1}",
                "{url: http://h:1/p?apiKey=redacted, timeout: 1}",
            ),
            ("see <https://h/x#token=s3>", "see <https://h/x#token=redacted>"),
            ("https://h/b?sv=1&sig=s3%3D", "https://h/b?sv=1&sig=redacted"),
            ("https://h/?rev=abc&narHash=sha256-x=&dir=a", "https://h/?rev=abc&narHash=sha256-x=&dir=a"),
            ("?token=s3 is no address", "?token=s3 is no address"),
        ] {
            assert_eq!(without_credentials(url), open);
        }
    }

    #[test]
    fn what_is_sealed_is_told_apart_and_not_told() {
        let argv =
            |argv: &[&str]| sealed_words(&argv.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(argv(&["jq", "--version"]), ["jq", "--version"]);
        let login = argv(&[
            "acme",
            "--token",
            "s3cret",
            "--to",
            "https://u:p4ss@h/?key=k3y&x=1",
            "A: Bearer s3cret9",
        ]);
        assert_eq!(login[..2], ["acme", "--token"]);
        assert!(login[2].starts_with("redacted#"), "{login:?}");
        assert!(login[4].starts_with("https://redacted@h/?key=redacted"), "{login:?}");
        assert_ne!(login[2], argv(&["acme", "--token", "s4cret"])[2]);
        assert_eq!(sealed("MIX_ENV", "^dev$"), "^dev$");
        assert_ne!(sealed("API_TOKEN", "^s3cret"), sealed("API_TOKEN", "^s4cret"));
        // What is sealed stays so, wherever it stands, and is shown without its mark.
        for text in [login[4].clone(), format!("x: [\"{}\", token: {}]", login[5], login[2])] {
            assert_eq!(without_secret_settings(&text), text);
            assert!(!without_literal_secrets(&text).contains('#'), "{text}");
        }
    }

    #[test]
    fn a_line_that_is_shown_holds_no_secrets() {
        assert_eq!(
            without_literal_secrets("username: \"me\", password: \"s3\", url: \"ecto://u:p@h/x\""),
            "username: \"me\", password: \"redacted\", url: \"ecto://redacted@h/x\""
        );
        assert_eq!(without_secrets("SSH_AUTH_SOCK", "/tmp/agent"), "/tmp/agent");
        assert_eq!(without_secrets("AUTH_TOKEN", "/tmp/agent"), "redacted");
    }

    #[test]
    fn secret_settings_go_in_every_notation() {
        for (text, left) in [
            (
                "access-tokens = github.com=x1 gitlab.com=y2\ncores = 2\n",
                "access-tokens = redacted\ncores = 2\n",
            ),
            ("SECRET_KEY_BASE=abc/def+1\nPORT=4000", "SECRET_KEY_BASE=redacted\nPORT=4000"),
            ("export API_TOKEN='a b'", "export API_TOKEN='redacted'"),
            (r#"{"apiKey": "s3", "model": "x"}"#, r#"{"apiKey": "redacted", "model": "x"}"#),
            (r#"{"apiKey":"s3","model":"x"}"#, r#"{"apiKey":"redacted","model":"x"}"#),
            ("//registry.example.com/:_authToken=abc\n", "//registry.example.com/:_authToken=redacted\n"),
            ("  password: \"p\\\"q\", port: 1", "  password: \"redacted\", port: 1"),
            ("key: abc", "key: redacted"),
            ("  - PGPASSWORD=s3", "  - PGPASSWORD=redacted"),
            (
                "shellHook = \"export AWS_SECRET_ACCESS_KEY=s3\";",
                "shellHook = \"export AWS_SECRET_ACCESS_KEY=redacted\";",
            ),
            (
                "helper = \"!f() { echo password=s3; }; f\"",
                "helper = \"!f() { echo password=redacted; }; f\"",
            ),
            ("acme: cannot log in with token=s3", "acme: cannot log in with token=redacted"),
            ("ENV API_SECRET s3 x\nENV A b\n", "ENV API_SECRET redacted\nENV A b\n"),
            (
                "mix hex.repo add o https://h --auth-key s3 -x",
                "mix hex.repo add o https://h --auth-key redacted -x",
            ),
            ("-setcookie s3 +K true", "-setcookie redacted +K true"),
            ("\"Authorization\":\"Bearer s3cret99\"", "\"Authorization\":\"Bearer redacted\""),
            ("curl -H \"authorization: Basic czM6czM=\" x", "curl -H \"authorization: Basic redacted\" x"),
            ("\"headers\": [\"Bearer s3cret99\"]", "\"headers\": [\"Bearer redacted\"]"),
        ] {
            assert_eq!(without_secret_settings(text), left);
        }
        for open in [
            "trusted-public-keys = cache.example.com-1:abc=",
            "\"ueberauth\": {:hex, :ueberauth, \"0.10.8\", \"abc\"}",
            "{:passport, \"~> 1.0\"}, auth: [a: 1], key: :value",
            r#""apiKey": "{env:OPENAI_API_KEY}", "token": "{file:~/token}""#,
            "{pkgs, cookie, ...}: [ key ] mix phx.gen.secret --key-file x",
            "Bearer {env:OPENAI_API_KEY}",
            "ENV PATH /bin",
            "\"passport\": \"^0.6.0\", \"keywords\": [\"a\"]",
        ] {
            assert_eq!(without_secret_settings(open), open);
        }
        let token = format!("x ghp_{} y", "a1".repeat(18));
        assert_eq!(without_secret_settings(&token), "x redacted y");
    }

    proptest::proptest! {
        #[test]
        fn credentials_never_stay(text in r"([a-z/ @:?é]|://|://s3cret@h)*") {
            assert!(!without_credentials(&text).contains("://s3cret@"));
        }

        #[test]
        fn a_secret_setting_never_stays(before in r#"[a-z "'=:{},;\n]{0,12}"#, is in r#"=| = |: |": ""#) {
            let text = format!("{before}\npassword{is}s3cret\n");
            assert!(!without_secret_settings(&text).contains("s3cret"), "{text}");
        }
    }
}
