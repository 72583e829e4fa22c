//! The settings that OpenCode has.

/// What a value must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    List,
    Map,
    Other,
}

use Shape::{List, Map, Other, Text};

/// The keys, among them those of older versions.
pub(super) const KEYS: &[(&str, Shape)] = &[
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

/// The setting that somebody meant who wrote this key.
pub(super) fn meant(key: &str) -> Option<&'static str> {
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == key).map(|(_, known)| *known);
    let near = || {
        KEYS.iter().map(|(name, _)| *name).find(|name| {
            let distance = strsim::osa_distance(&key.to_lowercase(), &name.to_lowercase());
            distance <= 1 && name.len() > 3
        })
    };
    elsewhere.or_else(near)
}
