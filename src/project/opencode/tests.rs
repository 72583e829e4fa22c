//! OpenCode's configuration: what is right, and what OpenCode refuses.

use super::*;

fn problems(text: &str) -> Vec<String> {
    parse_opencode(text).problems.into_iter().map(|remark| remark.value).collect()
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
    assert_eq!(config.models[0].value, "ollama/qwen3:8b");
    assert!(text[config.models[0].offset..].starts_with("\"ollama/qwen3:8b\""));
    assert_eq!(config.providers[0].models, ["qwen3:8b", "llama3.2"]);
    assert_eq!(config.providers[0].base_url.as_deref(), Some("http://localhost:11434/v1"));
    assert_eq!(config.servers.len(), 1);
    assert!(config.servers[0].own_path && config.servers[0].command[0] == "uvx");
    assert_eq!(
        (config.variables[0].value.as_str(), config.files[0].value.as_str()),
        ("OLLAMA_API_KEY", "./x")
    );
    assert_eq!(parse_opencode("// nothing\n"), OpencodeConfig::default());
    assert_eq!(problems(r#"{"mcp": {"a": {"type": "remote", "url": "u", "timeout": {env:T}}}}"#), [""; 0]);
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
        parse_opencode(text).unknown_keys.into_iter().map(|remark| remark.value).collect::<Vec<_>>()
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
