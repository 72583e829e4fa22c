//! Lines that are no message: each gets an answer, and the next call finds a server.

use serde_json::{Value, json};

use crate::lab::Lab;
use crate::session::Session;

const LOG: &str = "** (Mix) No package with name jsonn (from: mix.exs) in registry";

fn lab() -> Lab {
    let lab = Lab::host(&[]).unwrap();
    lab.write("mix.exs", "defmodule A.MixProject do\n  use Mix.Project\nend\n");
    lab
}

/// A call of `diagnose`, as the bytes of a client that takes no care of what a log holds. Those in JavaScript put the id last.
fn diagnose(id: u64, log: &[u8]) -> Vec<u8> {
    let head = br#"{"method":"tools/call","params":{"name":"diagnose","arguments":{"log":""#;
    let tail = format!("\"}}}},\"jsonrpc\":\"2.0\",\"id\":{id}}}\n");
    [head, log, tail.as_bytes()].concat()
}

fn root(answer: &Value) -> &Value {
    &answer["result"]["structuredContent"]["diagnoses"][0]["rule"]
}

#[track_caller]
fn error(answer: &Value, id: &Value, code: i64) -> String {
    assert_eq!((&answer["id"], &answer["error"]["code"]), (id, &json!(code)), "{answer}");
    assert!(answer.as_object().unwrap().contains_key("id"), "{answer}");
    answer["error"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_log_that_was_cut_within_a_character_is_diagnosed() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let cuts: [&[u8]; 6] =
        [br"\ud83d", br"\ude00", br"\ud83d\ud83d", b"\xFF", b"\xF0\x9F\x98", b"\xED\xA0\xBD"];
    for (id, cut) in (10..).zip(cuts) {
        session.send_bytes(&diagnose(id, &[LOG.as_bytes(), br"\nbuilt ", cut].concat()));
        let answer = session.next();
        assert_eq!(answer["id"], id, "{answer}");
        assert_eq!(root(&answer), "hex-package-not-found", "{answer}");
    }
    // What is cut is in the very line that is quoted.
    let quoted = br"** (Mix) No package with name json\ud83d (from: mix.exs) in registry";
    session.send_bytes(&diagnose(20, quoted));
    assert!(session.next().to_string().contains("json\u{fffd}"));
}

#[test]
fn what_is_no_json_is_a_parse_error() {
    let lab = lab();
    let mut session = Session::start(&lab, &["mcp"]);
    session.send("garbage before the hands are shaken");
    error(&session.next(), &Value::Null, -32700);
    session.shake_hands();
    for (line, id) in [
        ("garbage", Value::Null),
        ("{", Value::Null),
        ("\u{0}", Value::Null),
        ("Content-Length: 52", Value::Null),
        (r#"{"jsonrpc":"2.0","id":"x","method":"#, json!("x")),
        (r#"{"jsonrpc":"2.0","id":7,"method":"ping",}"#, json!(7)),
        (r#"{"jsonrpc":"2.0","id":7,"method":"ping"} and more"#, json!(7)),
    ] {
        session.send(line);
        let why = error(&session.next(), &id, -32700);
        assert!(why.contains("not JSON"), "{line}: {why}");
    }
    for blank in ["", "  ", "\r", "\u{feff}"] {
        session.send(blank);
    }
    assert!(session.is_silent());
    assert_eq!(session.request("ping", json!({}))["result"], json!({}));
}

#[test]
fn what_is_no_request_is_refused_by_its_id() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    for (line, id) in [
        ("[1, 2]", Value::Null),
        ("[]", Value::Null),
        ("null", Value::Null),
        (r#"{"jsonrpc":"2.0","method":7}"#, Value::Null),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, Value::Null),
        (r#"{"jsonrpc":"2.0","id":7}"#, json!(7)),
        (r#"{"id":"x","method":"ping"}"#, json!("x")),
        (r#"{"jsonrpc":"2.0","id":7,"method":["ping"]}"#, json!(7)),
        (r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":["explain"]}"#, json!(7)),
    ] {
        session.send(line);
        let why = error(&session.next(), &id, -32600);
        assert!(why.starts_with("Invalid Request: "), "{line}: {why}");
    }
    let unknown = session.request("no/such/method", json!({}));
    assert!(error(&unknown, &unknown["id"], -32601).contains("no/such/method"));
    for params in [json!({"name": 7}), json!({"name": "explain", "arguments": []})] {
        let wrong = session.request("tools/call", params);
        assert!(error(&wrong, &wrong["id"], -32602).contains("tools/call"));
    }
    session.send(r#"{"jsonrpc":"2.0","method":"no/such/notification","params":[1]}"#);
    session.send(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}"#);
    session.send(r#"{"jsonrpc":"2.0","id":true,"result":7}"#);
    assert!(session.is_silent());
    assert_eq!(session.ask("explain", json!({"rule": "hex-missing"}))["id"], "hex-missing");
}

#[test]
fn garbage_between_calls_spoils_none_of_them() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let calls = 8;
    for id in 0..calls {
        session.send_bytes(b"gar\xFFbage\n[]\n");
        session.send_bytes(&diagnose(100 + id, &[LOG.as_bytes(), br"\n\ud83d"].concat()));
        session.send(&format!(r#"{{"id":{id},"method":?"#));
    }
    // Each line is a message, as `next` sees to.
    let answers: Vec<Value> = (0..4 * calls).map(|_| session.next()).collect();
    assert!(session.is_silent());
    for id in 0..calls {
        let of = |id: u64| answers.iter().filter(|it| it["id"] == id).collect::<Vec<_>>();
        assert_eq!(of(100 + id).len(), 1);
        assert_eq!(root(of(100 + id)[0]), "hex-package-not-found");
        assert_eq!(of(id).len(), 1);
        error(of(id)[0], &json!(id), -32700);
    }
    for code in [-32700, -32600] {
        let unnamed = answers.iter().filter(|it| it["id"].is_null() && it["error"]["code"] == code);
        assert_eq!(unnamed.count() as u64, calls);
    }
}

#[test]
fn a_message_that_is_too_long_is_refused_and_not_held() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let mebibyte = vec![b'a'; 1024 * 1024];
    let message = diagnose(7, b"|");
    let (head, tail) = message.split_at(message.iter().position(|byte| *byte == b'|').unwrap());
    session.send_bytes(head);
    for _ in 0..400 {
        session.send_bytes(&mebibyte);
    }
    session.send_bytes(tail);
    let why = error(&session.next(), &json!(7), -32600);
    assert!(why.contains("96 MiB") && why.contains("`file`"), "{why}");
    let peak = session.peak_memory() / 1024;
    assert!((96..250).contains(&peak), "{peak} MiB");
    session.send_bytes(&diagnose(8, LOG.as_bytes()));
    assert_eq!(root(&session.next()), "hex-package-not-found");
}

#[test]
fn the_last_line_is_answered_even_without_its_end() {
    let lab = lab();
    let ran = lab.doctor_with(&["mcp"], b"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":");
    ran.exits(0);
    error(&serde_json::from_str(&ran.stdout).unwrap(), &json!(3), -32700);
}
