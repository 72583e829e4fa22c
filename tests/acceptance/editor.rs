//! What an editor says of a rule and of settings: yaml-language-server itself reads the files, with the schema that their first line
//! names.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::lab::{Lab, Machine, lab_folder, left_out};

const RULE: &str = "# yaml-language-server: $schema=../schema.json
id: acme-jammed
title: Acme is jammed
severity: fatal
family: house
tags: [tools]
since: 0.1.0
explantion: It happens.
explanation: It happens.
checks: {fact: gpu.cuont, exists: true}
remedies:
  - title: Unjam it
    risk: project
    edit: {kind: insert, in: [flake.nix], line: 1, column: 2, text: ;, find: x}
";

const SETTINGS: &str = "# yaml-language-server: $schema=envdoctor.schema.json
fail_onn: warning
only: [beam, ]
ignore:
  - rule: hex-missing
    until: tomorrow
    reason: the CI image brings its own
require:
  elixr: any
  nodejs: latest
  env:
    - {name: MIX_ENV, mathces: dev}
    - {name: OLD, absent: true, equals: x}
  ports: [70000]
";

/// yaml-language-server, spoken to as an editor does.
struct Editor {
    server: Child,
    input: ChildStdin,
    said: Receiver<Value>,
    asked: u64,
}

impl Editor {
    fn start(program: &Path) -> Self {
        let mut server = Command::new("node");
        let server = server.arg(program).arg("--stdio").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = server.spawn().unwrap();
        let (sender, said) = channel();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = message(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = server.stdin.take().unwrap();
        let mut editor = Editor { server, input, said, asked: 0 };
        editor.ask("initialize", &json!({"processId": null, "rootUri": null, "capabilities": {}}));
        editor.tell("initialized", &json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, parameters: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.asked += 1;
        let id = json!(self.asked);
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        self.hear(|message| message["id"] == id && message.get("method").is_none())["result"].clone()
    }

    /// The next message that is wanted. What the server asks is answered with nothing.
    fn hear(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.said.recv_timeout(Duration::from_secs(60)).expect("the server is silent");
            if wanted(&message) {
                return message;
            }
            if message.get("id").is_some() && message.get("method").is_some() {
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": null}));
            }
        }
    }

    /// Opens a file: each line, from 1, with what is said of it.
    fn open(&mut self, file: &Path) -> Vec<(u64, String)> {
        let uri = format!("file://{}", file.display());
        let text = fs::read_to_string(file).unwrap();
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.tell("textDocument/didOpen", &json!({"textDocument": document}));
        let said = self.hear(|message| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == *uri
        });
        let said = said["params"]["diagnostics"].as_array().unwrap().iter().map(|diagnostic| {
            let line = diagnostic["range"]["start"]["line"].as_u64().unwrap();
            (line + 1, diagnostic["message"].as_str().unwrap().to_owned())
        });
        let mut said: Vec<_> = said.collect();
        said.sort();
        said
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(told) = line.strip_prefix("Content-Length:") {
            length = told.trim().parse().ok()?;
        } else if line.trim().is_empty() {
            break;
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn language_server() -> Option<PathBuf> {
    let program = lab_folder().join("yaml/node_modules/yaml-language-server/bin/yaml-language-server");
    let there = program.is_file() && which::which("node").is_ok();
    if !there {
        left_out(Machine::Host, "yaml-language-server");
    }
    there.then_some(program)
}

#[test]
fn an_editor_marks_the_mistakes_of_a_rule() {
    let (Some(server), Some(lab)) = (language_server(), Lab::host(&[])) else { return };
    let schema = lab.doctor(&["rules", "schema"]);
    schema.exits(0);
    lab.write("rules/schema.json", &schema.stdout);
    lab.write("rules/house/acme-jammed.yaml", RULE);
    let mut editor = Editor::start(&server);
    let file = lab.project().join("rules/house/acme-jammed.yaml");
    let said = editor.open(&file);
    let expected = [
        (4, "Value is not accepted. Valid values: \"error\", \"warning\", \"info\"."),
        (8, "Property explantion is not allowed."),
        (10, "there is no such fact: `envdoctor facts -v` shows them all"),
        (14, "Property find is not allowed."),
    ];
    assert_eq!(said, expected.map(|(line, message)| (line, message.to_owned())));

    // In the brackets of `tags`.
    let at = json!({"textDocument": {"uri": format!("file://{}", file.display())}, "position": {"line": 5, "character": 7}});
    let offered = editor.ask("textDocument/completion", &at)["items"].to_string();
    assert!(offered.contains("\"lockfile\"") && offered.contains("\"versions\""), "{offered}");
}

#[test]
fn an_editor_has_nothing_to_say_of_the_built_in_rules() {
    let Some(server) = language_server() else { return };
    let mut editor = Editor::start(&server);
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let rules = glob::glob(rules.join("**/*.yaml").to_str().unwrap()).unwrap().map(Result::unwrap);
    // `tests/rule_schema` holds all of them to the schema; the server needs a fifth of a second for each.
    for file in rules.step_by(13) {
        assert_eq!(editor.open(&file), [], "{}", file.display());
    }
}

#[test]
fn an_editor_marks_the_mistakes_of_settings() {
    let (Some(server), Some(lab)) = (language_server(), Lab::host(&[])) else { return };
    let schema = lab.doctor(&["schema", "config"]);
    schema.exits(0);
    lab.write("envdoctor.schema.json", &schema.stdout);
    lab.write("envdoctor.yaml", SETTINGS);
    let mut editor = Editor::start(&server);
    let file = lab.project().join("envdoctor.yaml");
    let said = editor.open(&file);
    let expected = [
        (2, "Property fail_onn is not allowed."),
        (6, "a day is written such as 2026-12-31"),
        (9, "Property elixr is not allowed."),
        (10, "this requires no version: write such as \"~> 1.17\", \">= 16\" or any"),
        (12, "Property mathces is not allowed."),
        (13, "Property equals is not allowed."),
        (14, "Value is above the maximum of 65535."),
    ];
    assert_eq!(said, expected.map(|(line, message)| (line, message.to_owned())));

    let mut offered = |line: u64, character: u64| {
        let document = json!({"uri": format!("file://{}", file.display())});
        let at = json!({"textDocument": document, "position": {"line": line, "character": character}});
        editor.ask("textDocument/completion", &at)["items"].to_string()
    };
    // Behind `only: [beam, `.
    let words = offered(2, 13);
    assert!(words.contains("\"lockfile\"") && words.contains("\"hex-missing\""), "{words}");
    let tools = offered(8, 2);
    assert!(tools.contains("\"elixir\"") && tools.contains("\"services\""), "{tools}");
}
