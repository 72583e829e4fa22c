use super::*;

use std::time::Duration;

use rmcp::model::{EmptyResult, RequestId, ServerResult};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::runtime::Builder;
use tokio::time::timeout;

const LONGEST: usize = 100;
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

fn run(test: impl Future<Output = ()>) {
    Builder::new_current_thread().enable_time().build().unwrap().block_on(test);
}

/// A client with this much room for answers, and the server's side.
fn lines(room: usize) -> (DuplexStream, DuplexStream, Lines<DuplexStream, DuplexStream>) {
    let (to_server, input) = duplex(1024 * 1024);
    let (output, from_server) = duplex(room);
    (to_server, from_server, Lines::new(input, output, LONGEST))
}

/// All that was answered when the input ended.
async fn answers(input: &[u8]) -> (usize, Vec<Json>) {
    let (mut to_server, mut from_server, mut lines) = lines(1024 * 1024);
    to_server.write_all(input).await.unwrap();
    drop(to_server);
    let mut messages = 0;
    while lines.receive().await.is_some() {
        messages += 1;
    }
    lines.close().await.unwrap();
    let mut text = String::new();
    from_server.read_to_string(&mut text).await.unwrap();
    (messages, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn a_line_that_is_too_long_is_refused_by_its_id() {
    run(async {
        let long = |length: usize| {
            format!(
                r#"{{"method":"ping","params":{{"log":"{}"}},"jsonrpc":"2.0","id":7}}"#,
                "a".repeat(length)
            )
        };
        let (messages, refused) = answers(format!("{PING}\n{}\n{PING}\n", long(200_000)).as_bytes()).await;
        assert_eq!((messages, refused.len()), (2, 1), "{refused:?}");
        assert_eq!((&refused[0]["id"], &refused[0]["error"]["code"]), (&json!(7), &json!(-32600)));

        let fits = long(LONGEST - long(0).len());
        assert_eq!(answers(format!("{fits}\n").as_bytes()).await, (1, Vec::new()));
        assert_eq!(answers(format!("{}\n", long(LONGEST - long(0).len() + 1)).as_bytes()).await.0, 0);
    });
}

#[test]
fn the_last_line_needs_no_end() {
    run(async {
        assert_eq!(answers(PING.as_bytes()).await, (1, Vec::new()));
        let (messages, refused) = answers(b"{\"id\":7,").await;
        assert_eq!((messages, &refused[0]["id"]), (0, &json!(7)));
        assert_eq!(answers(b"").await, (0, Vec::new()));
    });
}

#[test]
fn a_line_that_is_interrupted_goes_on() {
    run(async {
        let (mut to_server, _from_server, mut lines) = lines(1024);
        let (begin, end) = PING.split_at(20);
        to_server.write_all(begin.as_bytes()).await.unwrap();
        assert!(timeout(Duration::from_millis(20), lines.receive()).await.is_err());
        to_server.write_all(format!("{end}\n").as_bytes()).await.unwrap();
        assert!(lines.receive().await.is_some());
    });
}

#[test]
fn answers_and_refusals_never_mix_and_wait_for_one_another() {
    run(async {
        // A line does not fit in at once.
        let (mut to_server, mut from_server, mut lines) = lines(16);
        to_server.write_all(format!("garbage\n{PING}\n").repeat(50).as_bytes()).await.unwrap();
        assert!(timeout(Duration::from_millis(20), lines.receive()).await.is_err(), "it went on unread");
        let reader = tokio::spawn(async move {
            let mut text = String::new();
            from_server.read_to_string(&mut text).await.unwrap();
            text
        });
        drop(to_server);
        let mut answering = Vec::new();
        while lines.receive().await.is_some() {
            let result = ServerResult::EmptyResult(EmptyResult {});
            answering
                .push(tokio::spawn(lines.send(ServerJsonRpcMessage::response(result, RequestId::Number(1)))));
        }
        for answered in answering {
            answered.await.unwrap().unwrap();
        }
        lines.close().await.unwrap();
        let ids: Vec<Json> = reader
            .await
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Json>(line).unwrap()["id"].clone())
            .collect();
        let refused = ids.iter().filter(|id| id.is_null()).count();
        assert_eq!((ids.len(), refused), (100, 50));
    });
}

#[test]
fn a_client_that_went_away_ends_it() {
    run(async {
        let (mut to_server, from_server, mut lines) = lines(16);
        drop(from_server);
        to_server.write_all(b"garbage\ngarbage\n").await.unwrap();
        assert!(lines.receive().await.is_none());
    });
}
