//! From the tree of a file to what it sets.

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;

use super::keys::{KEYS, Shape, meant};
use super::{McpServer, OpencodeConfig, Provider};
use crate::project::Located;

impl OpencodeConfig {
    pub(super) fn problem(&mut self, offset: usize, text: impl Into<String>) {
        self.problems.push(Located { value: text.into(), offset });
    }

    pub(super) fn read(&mut self, root: &Value<'_>) {
        let Value::Object(root) = root else {
            return self.problem(root.range().start, "the file must hold an object");
        };
        for property in &root.properties {
            let (key, offset) = (property.name.as_str(), property.name.range().start);
            match KEYS.iter().find(|(name, _)| *name == key) {
                Some((_, shape)) => self.shape(key, &property.value, *shape),
                None => self.unknown_keys.extend(
                    meant(key).map(|known| Located { value: format!("`{key}` (it is `{known}`)"), offset }),
                ),
            }
        }
        self.references(root);
        for key in ["model", "small_model"] {
            if let Some(Value::StringLit(model)) = get(root, key) {
                let remark = Located { value: model.value.to_string(), offset: model.range.start };
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
            Shape::Text => matches!(value, Value::StringLit(_)),
            Shape::List => matches!(value, Value::Array(_)),
            Shape::Map => matches!(value, Value::Object(_)),
            Shape::Other => true,
        };
        if !right {
            let wanted = match shape {
                Shape::Text => "a text",
                Shape::List => "a list",
                Shape::Map | Shape::Other => "an object",
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
                    let remark = |text: &str| Located { value: text.to_owned(), offset: literal.range.start };
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
