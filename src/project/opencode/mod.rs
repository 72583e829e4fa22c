//! OpenCode's configuration, checked against its schema (1.18: <https://opencode.ai/config.json>).

mod keys;
mod read;
#[cfg(test)]
mod tests;

use super::jsonc::parse_jsonc;
use super::located::Located;

/// What a configuration file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpencodeConfig {
    /// Why OpenCode refuses it.
    pub problems: Vec<Located<String>>,
    /// Settings that OpenCode does not have, where it is plain what was meant.
    pub unknown_keys: Vec<Located<String>>,
    /// The models that it chooses, such as `ollama/qwen3`.
    pub models: Vec<Located<String>>,
    /// The providers that it describes.
    pub providers: Vec<Provider>,
    /// The MCP servers that OpenCode would start.
    pub servers: Vec<McpServer>,
    /// The variables that `{env:NAME}` stands for.
    pub variables: Vec<Located<String>>,
    /// The files that `{file:PATH}` stands for.
    pub files: Vec<Located<String>>,
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

fn without_references(text: &str) -> String {
    let mut parts = text.split("{env:");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push('0');
        kept.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    kept
}
