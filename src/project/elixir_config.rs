//! What a project's `config/*.exs` sets, read without running it.

use tree_sitter::Node;

use super::FormatError;
use super::elixir::{atom, children, pairs, parse, source, string};

/// What a configuration file sets, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElixirConfig {
    /// Its settings; a later one overrides an earlier one.
    pub settings: Vec<Setting>,
    /// The files that it imports by a plain name.
    pub imports: Vec<String>,
}

/// One `config :app, Key, name: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The application.
    pub app: String,
    /// The key below it, such as `App.Repo`; `None` where the names stand directly below the application.
    pub key: Option<String>,
    /// The name.
    pub name: String,
    /// What it is set to.
    pub value: Setup,
    /// Where the value begins: a byte of the file.
    pub offset: usize,
}

/// A value, as far as the file says it in so many words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setup {
    /// A text or a number.
    Literal(String),
    /// An environment variable, and what stands in for one that is not set.
    Variable(String, Option<Box<Setup>>),
    /// Names with values of their own, and where those begin.
    Keywords(Vec<(String, Setup, usize)>),
    /// Only running the file would tell.
    Computed,
}

impl Setup {
    /// The value as text, with the variables that are set; `None` if only running the file would tell.
    pub fn resolve(&self, variable: &impl Fn(&str) -> Option<String>) -> Option<String> {
        match self {
            Setup::Literal(text) => Some(text.clone()),
            Setup::Variable(name, other) => {
                variable(name).or_else(|| other.as_ref().and_then(|other| other.resolve(variable)))
            }
            Setup::Keywords(_) | Setup::Computed => None,
        }
    }
}

/// Reads a configuration file as it counts in a Mix environment. What it sets under a condition that cannot be judged is
/// [`Setup::Computed`].
///
/// # Errors
/// The text is not Elixir, or too much of it.
pub fn parse_elixir_config(text: &str, environment: &str) -> Result<ElixirConfig, FormatError> {
    let tree = parse(text)?;
    let mut config = ElixirConfig::default();
    // Whether what stands there counts for certain.
    let mut open: Vec<(Node<'_>, bool)> = vec![(tree.root_node(), true)];
    while let Some((node, certain)) = open.pop() {
        for statement in children(node).into_iter().rev() {
            if statement.kind() != "call" {
                continue;
            }
            let Some(target) = statement.child_by_field_name("target") else { continue };
            let parts = children(statement);
            match source(target, text) {
                "config" | "import_config" => open.push((statement, certain)),
                name @ ("if" | "unless") => {
                    let condition =
                        parts.get(1).map(|arguments| source(*arguments, text)).unwrap_or_default();
                    let holds = holds(condition, environment).map(|holds| holds == (name == "if"));
                    let block = parts.iter().find(|part| part.kind() == "do_block");
                    match (block, holds) {
                        (Some(block), None) => open.push((*block, false)),
                        (Some(block), Some(true)) => open.push((*block, certain)),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        if node.kind() == "call" {
            statement(node, certain, text, &mut config);
        }
    }
    Ok(config)
}

/// Whether a condition on the environment holds; `None` for any other one.
fn holds(condition: &str, environment: &str) -> Option<bool> {
    let words: Vec<&str> = condition.split_whitespace().collect();
    match words.as_slice() {
        ["config_env()" | "Mix.env()" | "Mix.env", operator @ ("==" | "!="), atom] => {
            Some((atom.strip_prefix(':')? == environment) == (*operator == "=="))
        }
        ["config_env()" | "Mix.env()", "in", ..] => {
            let (_, list) = condition.split_once('[')?;
            let names = list.split_once(']')?.0.split(',').map(|name| name.trim().trim_start_matches(':'));
            Some(names.into_iter().any(|name| name == environment))
        }
        _ => None,
    }
}

fn statement(call: Node<'_>, certain: bool, text: &str, config: &mut ElixirConfig) {
    let [target, arguments, ..] = children(call)[..] else { return };
    let arguments = children(arguments);
    if source(target, text) == "import_config" {
        config.imports.extend(arguments.first().and_then(|file| string(*file, text)));
        return;
    }
    let Some(app) = arguments.first().and_then(|app| atom(*app, text)) else { return };
    let (key, last) = match arguments.as_slice() {
        [_, keywords] => (None, *keywords),
        [_, key, keywords] => (Some(source(*key, text).to_owned()), *keywords),
        _ => return,
    };
    for (name, value) in pairs(last, text) {
        let offset = value.start_byte();
        let value = if certain { setup(value, text, 0) } else { Setup::Computed };
        config.settings.push(Setting { app: app.clone(), key: key.clone(), name, value, offset });
    }
}

/// Deeper nesting than any configuration has.
const DEPTH_LIMIT: usize = 16;

fn setup(node: Node<'_>, text: &str, depth: usize) -> Setup {
    if depth > DEPTH_LIMIT {
        return Setup::Computed;
    }
    match node.kind() {
        "string" => string(node, text).map_or(Setup::Computed, Setup::Literal),
        "integer" => Setup::Literal(source(node, text).replace('_', "")),
        "list" => {
            let keywords = pairs(node, text);
            let nested = keywords.into_iter().map(|(name, value)| {
                let offset = value.start_byte();
                (name, setup(value, text, depth + 1), offset)
            });
            Setup::Keywords(nested.collect())
        }
        "call" => call(node, text, depth),
        "binary_operator" => {
            let side = |name: &str| {
                node.child_by_field_name(name).map_or(Setup::Computed, |side| setup(side, text, depth + 1))
            };
            let operator = node.child_by_field_name("operator").map(|operator| source(operator, text));
            match (operator, side("left")) {
                (Some("||"), Setup::Variable(name, None)) => {
                    Setup::Variable(name, Some(Box::new(side("right"))))
                }
                _ => Setup::Computed,
            }
        }
        _ => Setup::Computed,
    }
}

fn call(node: Node<'_>, text: &str, depth: usize) -> Setup {
    let [target, arguments] = children(node)[..] else { return Setup::Computed };
    let arguments = children(arguments);
    let first = |index: usize| arguments.get(index).map(|argument| setup(*argument, text, depth + 1));
    match (source(target, text), first(0), first(1)) {
        ("System.get_env" | "System.fetch_env!", Some(Setup::Literal(name)), other) => {
            Setup::Variable(name, other.map(Box::new))
        }
        ("String.to_integer", Some(value), None) => value,
        _ => Setup::Computed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str, environment: &str) -> Vec<(String, String, String)> {
        let variable = |name: &str| (name == "PGPORT").then(|| "5433".to_owned());
        let config = parse_elixir_config(text, environment).unwrap();
        let shown = config.settings.into_iter().map(|it| {
            let value = it.value.resolve(&variable).unwrap_or_else(|| format!("{:?}", it.value));
            (it.key.unwrap_or(it.app), it.name, value)
        });
        shown.collect()
    }

    fn setting(key: &str, name: &str, value: &str) -> (String, String, String) {
        (key.to_owned(), name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_usual_dev_exs() {
        let text = r#"import Config

# Configure your database
config :app, App.Repo,
  username: "postgres",
  password: "postgres",
  hostname: System.get_env("PGHOST", "localhost"),
  port: String.to_integer(System.get_env("PGPORT") || "5432"),
  database: "app_test#{System.get_env("MIX_TEST_PARTITION")}",
  pool_size: 10

config :app, AppWeb.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4_000], debug_errors: true
config :app, dev_routes: true
import_config "dev.secret.exs"
"#;
        let found = settings(text, "dev");
        for expected in [
            setting("App.Repo", "hostname", "localhost"),
            setting("App.Repo", "port", "5433"),
            setting("App.Repo", "database", "Computed"),
            setting("App.Repo", "pool_size", "10"),
            setting("app", "dev_routes", "Computed"),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
        let config = parse_elixir_config(text, "dev").unwrap();
        assert_eq!(config.imports, ["dev.secret.exs"]);
        let http = config.settings.iter().find(|it| it.name == "http").unwrap();
        let Setup::Keywords(http) = &http.value else { panic!("{http:?}") };
        assert_eq!((http[1].0.as_str(), &http[1].1), ("port", &Setup::Literal("4000".to_owned())));
        assert!(text[http[1].2..].starts_with("4_000"));
    }

    #[test]
    fn conditions_on_the_environment_are_judged_and_others_are_not() {
        let text = r#"import Config
if config_env() == :prod do
  config :app, App.Repo, url: System.fetch_env!("DATABASE_URL")
end
if config_env() in [:dev, :test] do
  config :app, App.Repo, port: 5434
end
unless Mix.env() == :prod do
  config :app, App.Repo, hostname: "127.0.0.1"
end
if System.get_env("REMOTE") do
  config :app, App.Repo, hostname: "db"
end
"#;
        let dev = settings(text, "dev");
        let expected = [
            setting("App.Repo", "port", "5434"),
            setting("App.Repo", "hostname", "127.0.0.1"),
            setting("App.Repo", "hostname", "Computed"),
        ];
        assert_eq!(dev, expected);
        let prod: Vec<_> = settings(text, "prod").into_iter().map(|(_, name, _)| name).collect();
        assert_eq!(prod, ["url", "hostname"]);
    }

    #[test]
    fn what_is_no_configuration() {
        assert_eq!(parse_elixir_config("", "dev"), Ok(ElixirConfig::default()));
        assert!(parse_elixir_config("config :a, b: [", "dev").is_err());
        let deep = format!("config :a, b: {}1{}", "[x: ".repeat(200), "]".repeat(200));
        assert!(parse_elixir_config(&deep, "dev").is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"((config|if|do|end|import_config|:a|, |x: |\[|\]|\{|System\.get_env\(|\)|\|\||é|\n)*)") {
            let _ = parse_elixir_config(&text, "dev");
        }
    }
}
