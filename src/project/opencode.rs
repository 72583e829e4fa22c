//! OpenCode's configuration, checked against its schema (1.18: <https://opencode.ai/config.json>).

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;

use super::jsonc::parse_jsonc;

/// What a configuration file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpencodeConfig {
    /// Why OpenCode refuses it.
    pub problems: Vec<Remark>,
    /// Settings that OpenCode does not have, where it is plain what was meant.
    pub unknown_keys: Vec<Remark>,
    /// The models that it chooses, such as `ollama/qwen3`.
    pub models: Vec<Remark>,
    /// The providers that it describes.
    pub providers: Vec<Provider>,
    /// The MCP servers that OpenCode would start.
    pub servers: Vec<McpServer>,
    /// The variables that `{env:NAME}` stands for.
    pub variables: Vec<Remark>,
    /// The files that `{file:PATH}` stands for.
    pub files: Vec<Remark>,
}

/// A text, and where it stands: a byte of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub offset: usize,
}

/// A provider of models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name.
    pub id: String,
    /// Where it is asked.
    pub base_url: Option<String>,
    /// The models that it is said to have.
    pub models: Vec<String>,
    /// Where it stands.
    pub offset: usize,
}

/// An MCP server that is a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct McpServer {
    /// Its name.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Whether it is given a PATH of its own.
    pub own_path: bool,
    /// Where the command stands.
    pub offset: usize,
}

/// What a value must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    List,
    Map,
    Other,
}

use Shape::{List, Map, Other, Text};

/// The keys, among them those of older versions.
const KEYS: &[(&str, Shape)] = &[
    ("$schema", Text),
    ("agent", Map),
    ("attachment", Other),
    ("autoshare", Other),
    ("autoupdate", Other),
    ("command", Map),
    ("compaction", Other),
    ("default_agent", Text),
    ("disabled_providers", List),
    ("enabled_providers", List),
    ("enterprise", Other),
    ("experimental", Other),
    ("formatter", Other),
    ("instructions", List),
    ("keybinds", Other),
    ("layout", Other),
    ("logLevel", Text),
    ("lsp", Other),
    ("mcp", Map),
    ("mode", Map),
    ("model", Text),
    ("permission", Other),
    ("plugin", List),
    ("provider", Map),
    ("reference", Other),
    ("references", Other),
    ("server", Map),
    ("share", Text),
    ("shell", Text),
    ("skills", Other),
    ("small_model", Text),
    ("snapshot", Other),
    ("subagent_depth", Other),
    ("theme", Other),
    ("tool_output", Other),
    ("tools", Map),
    ("tui", Other),
    ("username", Text),
    ("watcher", Other),
];

/// What other programs call a setting.
const ELSEWHERE: &[(&str, &str)] =
    &[("mcpServers", "mcp"), ("mcp_servers", "mcp"), ("context_servers", "mcp")];

/// Reads a configuration file.
pub fn parse_opencode(text: &str) -> OpencodeConfig {
    let mut config = OpencodeConfig::default();
    match parse_jsonc(text) {
        Ok(Some(root)) => config.read(&root),
        // OpenCode takes an empty file for no settings.
        Ok(None) => {}
        // `{env:NAME}` is put in before the text is read, so that it may stand where JSON has no place for it.
        Err(_) if parse_jsonc(&without_references(text)).is_ok() => {}
        Err((offset, why)) => config.problem(offset, format!("not valid JSON: {why}")),
    }
    config
}

impl OpencodeConfig {
    fn problem(&mut self, offset: usize, text: impl Into<String>) {
        self.problems.push(Remark { text: text.into(), offset });
    }

    fn read(&mut self, root: &Value<'_>) {
        let Value::Object(root) = root else {
            return self.problem(root.range().start, "the file must hold an object");
        };
        for property in &root.properties {
            let (key, offset) = (property.name.as_str(), property.name.range().start);
            match KEYS.iter().find(|(name, _)| *name == key) {
                Some((_, shape)) => self.shape(key, &property.value, *shape),
                None => self.unknown_keys.extend(
                    meant(key).map(|known| Remark { text: format!("`{key}` (it is `{known}`)"), offset }),
                ),
            }
        }
        self.references(root);
        for key in ["model", "small_model"] {
            if let Some(Value::StringLit(model)) = get(root, key) {
                let remark = Remark { text: model.value.to_string(), offset: model.range.start };
                match model.value.split_once('/') {
                    Some((provider, name)) if !provider.is_empty() && !name.is_empty() => {
                        self.models.push(remark);
                    }
                    _ if model.value.contains('{') => {}
                    _ => self.problem(
                        model.range.start,
                        format!("`{key}` must be `provider/model`, and is `{}`", model.value),
                    ),
                }
            }
        }
        for property in objects(root, "provider") {
            self.provider(property);
        }
        for property in objects(root, "mcp") {
            self.server(property);
        }
    }

    fn shape(&mut self, key: &str, value: &Value<'_>, shape: Shape) {
        let right = match shape {
            Text => matches!(value, Value::StringLit(_)),
            List => matches!(value, Value::Array(_)),
            Map => matches!(value, Value::Object(_)),
            Other => true,
        };
        if !right {
            let wanted = match shape {
                Text => "a text",
                List => "a list",
                Map | Other => "an object",
            };
            self.problem(value.range().start, format!("`{key}` must be {wanted}"));
        }
    }

    fn provider(&mut self, property: &ObjectProp<'_>) {
        let id = property.name.as_str();
        let Value::Object(provider) = &property.value else {
            return self.problem(property.value.range().start, format!("`provider.{id}` must be an object"));
        };
        let options = objects(provider, "options");
        let base_url = options.iter().find(|option| option.name.as_str() == "baseURL");
        self.providers.push(Provider {
            id: id.to_owned(),
            base_url: base_url.and_then(|option| text(&option.value)),
            models: objects(provider, "models").iter().map(|it| it.name.as_str().to_owned()).collect(),
            offset: property.name.range().start,
        });
    }

    fn server(&mut self, property: &ObjectProp<'_>) {
        let name = property.name.as_str();
        let at = property.value.range().start;
        let Value::Object(server) = &property.value else {
            return self.problem(at, format!("`mcp.{name}` must be an object"));
        };
        let enabled = get(server, "enabled");
        let kind = get(server, "type").and_then(text);
        match kind.as_deref() {
            Some("local") => match get(server, "command") {
                Some(Value::Array(command)) => {
                    let words: Vec<_> = command.elements.iter().map(text).collect();
                    if words.iter().any(Option::is_none) {
                        self.problem(
                            command.range.start,
                            format!("`mcp.{name}.command` must be a list of texts"),
                        );
                    } else if !matches!(enabled, Some(Value::BooleanLit(literal)) if !literal.value) {
                        let environment = objects(server, "environment");
                        self.servers.push(McpServer {
                            name: name.to_owned(),
                            command: words.into_iter().flatten().collect(),
                            own_path: environment.iter().any(|variable| variable.name.as_str() == "PATH"),
                            offset: command.range.start,
                        });
                    }
                }
                Some(other) => self.problem(
                    other.range().start,
                    format!("`mcp.{name}.command` must be a list: the program and its arguments"),
                ),
                None => self.problem(at, format!("`mcp.{name}` is local and has no `command`")),
            },
            Some("remote") if get(server, "url").and_then(text).is_none() => {
                self.problem(at, format!("`mcp.{name}` is remote and has no `url`"));
            }
            Some("remote") => {}
            // A server of another file that is only switched on or off here.
            None if get(server, "type").is_none() && matches!(enabled, Some(Value::BooleanLit(_))) => {
                if let Some(command) = get(server, "command") {
                    self.problem(
                        command.range().start,
                        format!("`mcp.{name}` has no `type`: \"local\" or \"remote\""),
                    );
                }
            }
            Some(kind) if kind.contains('{') => {}
            _ => {
                let at = get(server, "type").map_or(at, |kind| kind.range().start);
                self.problem(at, format!("`mcp.{name}.type` must be \"local\" or \"remote\""));
            }
        }
    }

    /// Every `{env:…}` and `{file:…}` in the texts.
    fn references(&mut self, root: &Object<'_>) {
        let mut open: Vec<&Value<'_>> = root.properties.iter().map(|property| &property.value).collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(object) => {
                    open.extend(object.properties.iter().map(|property| &property.value))
                }
                Value::Array(array) => open.extend(&array.elements),
                Value::StringLit(literal) => {
                    let remark = |text: &str| Remark { text: text.to_owned(), offset: literal.range.start };
                    self.variables.extend(named(&literal.value, "{env:").map(remark));
                    self.files.extend(named(&literal.value, "{file:").map(remark));
                }
                Value::NumberLit(_) | Value::BooleanLit(_) | Value::NullKeyword(_) => {}
            }
        }
        self.variables.sort_by_key(|remark| remark.offset);
        self.files.sort_by_key(|remark| remark.offset);
    }
}

/// The setting that somebody meant who wrote this key.
fn meant(key: &str) -> Option<&'static str> {
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == key).map(|(_, known)| *known);
    let near = || {
        KEYS.iter().map(|(name, _)| *name).find(|name| {
            let distance = strsim::osa_distance(&key.to_lowercase(), &name.to_lowercase());
            distance <= 1 && name.len() > 3
        })
    };
    elsewhere.or_else(near)
}

fn get<'a, 'b>(object: &'b Object<'a>, key: &str) -> Option<&'b Value<'a>> {
    object.properties.iter().find(|property| property.name.as_str() == key).map(|property| &property.value)
}

/// The properties of the object at a key.
fn objects<'a, 'b>(object: &'b Object<'a>, key: &str) -> &'b [ObjectProp<'a>] {
    match get(object, key) {
        Some(Value::Object(object)) => &object.properties,
        _ => &[],
    }
}

fn text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::StringLit(literal) => Some(literal.value.to_string()),
        _ => None,
    }
}

/// What stands between `start` and the next brace, each time.
fn named<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.trim())
}

fn without_references(text: &str) -> String {
    let mut parts = text.split("{env:");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push('0');
        kept.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        parse_opencode(text).problems.into_iter().map(|remark| remark.text).collect()
    }

    #[test]
    fn a_usual_configuration_has_no_problems() {
        let text = r#"{
  "$schema": "https://opencode.ai/config.json", // comments are allowed
  "model": "ollama/qwen3:8b",
  "small_model": "anthropic/claude-haiku-4-5",
  "provider": {
    "ollama": {
      "npm": "@ai-sdk/openai-compatible",
      "options": {"baseURL": "http://localhost:11434/v1", "apiKey": "{env:OLLAMA_API_KEY}"},
      "models": {"qwen3:8b": {}, "llama3.2": {"name": "Llama"}},
    },
  },
  "mcp": {
    "serena": {"type": "local", "command": ["uvx", "serena", "{file:./x}"], "environment": {"PATH": "/x"}},
    "off": {"type": "local", "command": ["nothing"], "enabled": false},
    "switched": {"enabled": true},
    "docs": {"type": "remote", "url": "https://docs.example.com/mcp"},
  },
  "instructions": ["AGENTS.md"],
  "somethingNew": 1,
}"#;
        let config = parse_opencode(text);
        assert_eq!((config.problems, config.unknown_keys), (vec![], vec![]));
        assert_eq!(config.models[0].text, "ollama/qwen3:8b");
        assert!(text[config.models[0].offset..].starts_with("\"ollama/qwen3:8b\""));
        assert_eq!(config.providers[0].models, ["qwen3:8b", "llama3.2"]);
        assert_eq!(config.providers[0].base_url.as_deref(), Some("http://localhost:11434/v1"));
        assert_eq!(config.servers.len(), 1);
        assert!(config.servers[0].own_path && config.servers[0].command[0] == "uvx");
        assert_eq!(
            (config.variables[0].text.as_str(), config.files[0].text.as_str()),
            ("OLLAMA_API_KEY", "./x")
        );
        assert_eq!(parse_opencode("// nothing\n"), OpencodeConfig::default());
        assert_eq!(
            problems(r#"{"mcp": {"a": {"type": "remote", "url": "u", "timeout": {env:T}}}}"#),
            [""; 0]
        );
    }

    #[test]
    fn what_opencode_refuses() {
        for (text, problem) in [
            (r#"{"model": "a/b" "x": 1}"#, "not valid JSON: Expected comma"),
            ("[]", "the file must hold an object"),
            (r#"{"model": 5}"#, "`model` must be a text"),
            (r#"{"model": "qwen3"}"#, "`model` must be `provider/model`, and is `qwen3`"),
            (r#"{"plugin": "x"}"#, "`plugin` must be a list"),
            (r#"{"mcp": []}"#, "`mcp` must be an object"),
            (r#"{"mcp": {"a": {"command": "x"}}}"#, "`mcp.a.type` must be \"local\" or \"remote\""),
            (
                r#"{"mcp": {"a": {"type": "stdio", "command": ["x"]}}}"#,
                "`mcp.a.type` must be \"local\" or \"remote\"",
            ),
            (
                r#"{"mcp": {"a": {"type": "local", "command": "x"}}}"#,
                "`mcp.a.command` must be a list: the program and its arguments",
            ),
            (r#"{"mcp": {"a": {"type": "local"}}}"#, "`mcp.a` is local and has no `command`"),
            (r#"{"mcp": {"a": {"type": "remote"}}}"#, "`mcp.a` is remote and has no `url`"),
        ] {
            assert_eq!(problems(text), [problem], "{text}");
        }
    }

    #[test]
    fn keys_of_other_programs_and_misspelt_ones() {
        let unknown = |text: &str| {
            parse_opencode(text).unknown_keys.into_iter().map(|remark| remark.text).collect::<Vec<_>>()
        };
        assert_eq!(unknown(r#"{"mcpServers": {}}"#), ["`mcpServers` (it is `mcp`)"]);
        assert_eq!(unknown(r#"{"providers": {}}"#), ["`providers` (it is `provider`)"]);
        assert_eq!(unknown(r#"{"autoUpdate": true}"#), ["`autoUpdate` (it is `autoupdate`)"]);
        assert_eq!(unknown(r#"{"theme": "x", "quiteNew": 1}"#), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"([\[\]{}:,"\n ]|"mcp"|"provider"|"model"|"type"|"local"|\{env:|\{file:|é)*"#) {
            let _ = parse_opencode(&text);
        }
    }
}
