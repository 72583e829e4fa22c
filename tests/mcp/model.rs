//! A stand-in for a model behind the API that many servers of models share: it calls one tool, and keeps what it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::{Value, json};

/// The model's address, and what the tool said to it.
pub(crate) struct Model {
    pub(crate) address: String,
    pub(crate) told: Receiver<String>,
}

/// A model that calls this tool as soon as it is offered it.
pub(crate) fn model(tool: &'static str, arguments: &Value) -> Model {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    let (tell, told) = channel();
    let arguments = arguments.to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (tell, arguments) = (tell.clone(), arguments.clone());
            // A client that goes away in the middle is no concern of the others.
            thread::spawn(move || answer(stream, tool, &arguments, &tell));
        }
    });
    Model { address, told }
}

/// Answers one request of a conversation.
fn answer(mut stream: TcpStream, tool: &str, arguments: &str, tell: &Sender<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        let header = line.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (delta, reason) = reply(&request, tool, arguments, tell);
    let chunk = |delta: Value, reason: Value| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": reason});
        let chunk = json!({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stand-in", "choices": [choice]});
        format!("data: {chunk}\n\n")
    };
    let body = chunk(delta, Value::Null) + &chunk(json!({}), json!(reason)) + "data: [DONE]\n\n";
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn reply(request: &Value, tool: &str, arguments: &str, tell: &Sender<String>) -> (Value, &'static str) {
    let messages = request["messages"].as_array().cloned().unwrap_or_default();
    let last = messages.last().cloned().unwrap_or_default();
    let offered = request["tools"].as_array().into_iter().flatten().any(|it| it["function"]["name"] == tool);
    if last["role"] == "tool" {
        let _ = tell.send(last["content"].to_string());
    } else if offered {
        let function = json!({"name": tool, "arguments": arguments});
        let call = json!({"index": 0, "id": "call_1", "type": "function", "function": function});
        return (json!({"role": "assistant", "tool_calls": [call]}), "tool_calls");
    }
    (json!({"role": "assistant", "content": "That is why."}), "stop")
}
