use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::world::World;

/// A port on which nothing listens.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A web server that answers each path its own way, for as long as the test runs.
pub(crate) fn web_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = vec![0; 8192];
            let read = stream.read(&mut request).unwrap_or_default();
            let mut request = String::from_utf8_lossy(&request[..read]).into_owned();
            while request.starts_with("POST") && !request.contains("hello") {
                let mut more = vec![0; 64];
                let read = stream.read(&mut more).unwrap();
                request.push_str(&String::from_utf8_lossy(&more[..read]));
            }
            let path = request.split(' ').nth(1).unwrap_or_default();
            let (status, extra, body) = match path.split('?').next().unwrap_or_default() {
                "/cookie" => ("500 x", "Set-Cookie: a=s3cret-10\r\n", String::new()),
                "/health" => {
                    ("200 OK", "Content-Type: application/json\r\n", r#"{"status": "ok"}"#.to_owned())
                }
                "/echo" => ("201 Created", "", request.clone()),
                "/away" => ("302 Found", "Location: /health\r\n", String::new()),
                _ => ("500 Internal Server Error", "", "broken".to_owned()),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn ports() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (open, closed) = (listener.local_addr().unwrap().port(), free_port());
    let world = World::new(&format!(
        "ports: [{open}, {closed}, {{port: {open}, host: 127.0.0.1}}, {{port: {closed}, host: 127.0.0.1}}, {{port: {open}, free: true}}, {{port: {closed}, free: true}}]\n"
    ));
    let told = world.check();
    let (rule, message) =
        told.findings.iter().find(|(rule, _)| rule == "required-port-taken").expect("the open port is taken");
    assert!(message.starts_with(&format!("Port {open} must be free")), "{rule} {message}");
    let closed: Vec<&str> = told
        .findings
        .iter()
        .filter(|(rule, _)| rule == "required-port-closed")
        .map(|(_, it)| it.as_str())
        .collect();
    assert_eq!(closed.len(), 2, "{told:?}");
    assert_eq!((told.findings.len(), told.unknown.len()), (3, 0), "{told:?}");
}

#[test]
fn web_servers_of_this_machine() {
    let (port, none) = (web_server(), free_port());
    let world = World::new(&format!(
        r#"
http:
  - http://localhost:{port}/health
  - {{url: "http://127.0.0.1:{port}/health", status: 200, body: {{json: {{/status: ok}}}}, headers: {{Content-Type: json}}}}
  - {{url: "http://localhost:{port}/away", status: 302}}
  - {{url: "http://localhost:{port}/broken", status: 500, body: broken}}
  - http://localhost:{port}/broken
  - {{url: "http://localhost:{port}/health", body: {{json: {{/status: down}}}}}}
  - {{url: "http://localhost:{port}/health", headers: {{X-None: a}}}}
  - http://localhost:{none}/
  - {{url: "http://localhost:{port}/echo", method: POST, send: {{headers: {{X-Own: yes}}, body: hello}}, status: 201, body: {{contains: hello, matches: "(?i)x-own: yes"}}}}
  - {{url: "http://localhost:{port}/away", follow: true, body: ok}}
"#
    ));
    world.trust();
    let told = world.check();
    let at = |path: &str, rest: &str| format!("http://localhost:{port}/{path} {rest}");
    let messages: Vec<String> = vec![
        at(
            "broken",
            "answers 500, but envdoctor.yaml requires that it answers with a status that is less than 400",
        ),
        at(
            "health",
            "answers with another text, but envdoctor.yaml requires that it answers with a text that has JSON in which /status is down",
        ),
        at(
            "health",
            "sends no header X-None, but envdoctor.yaml requires that it sends a header X-None that contains \"a\"",
        ),
        format!(
            "http://localhost:{none}/ does not answer: nothing listens there, but envdoctor.yaml requires that it answers"
        ),
    ];
    let expected: Vec<(&str, &str)> =
        messages.iter().map(|message| ("required-http-failed", message.as_str())).collect();
    told.are(&expected);
}

#[test]
fn no_server_of_this_machine_hears_of_somebody_elses_project() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let require = format!(
        "http: [\"http://localhost:{port}/shutdown?x=1\", {{url: \"http://127.0.0.1:{port}/\", method: HEAD, timeout: 300, follow: true}}]\n"
    );
    let world = World::new(&require);
    let told = world.check();
    assert_eq!((told.findings.len(), told.unknown.len(), told.code), (0, 2, 3), "{told:?}");
    let shown = format!(
        "it sends GET http://localhost:{port}/shutdown?x=1, and this project is not trusted: `envdoctor trust` shows"
    );
    assert!(told.unknown.iter().any(|(_, why)| why.starts_with(&shown)), "{told:?}");
    assert!(listener.accept().is_err(), "somebody came all the same");
    // Whoever listens is seen; nothing is sent.
    World::new(&format!("ports: [{{port: {port}, host: 127.0.0.1}}]\n")).check().are(&[]);
    let _ = listener.accept();
    // What the user's own settings ask for is asked.
    let world = World::new("env: [HOME]\n");
    let own = format!("require:\n  http: [{{url: \"http://127.0.0.1:{port}/own\", timeout: 1}}]\n");
    std::fs::write(world.home().join(".config/envdoctor/config.yaml"), own).unwrap();
    let told = world.check();
    assert_eq!((told.findings.len(), told.unknown.len()), (1, 0), "{told:?}");
    assert!(listener.accept().is_ok(), "nobody came");
}

#[test]
fn other_machines_only_for_a_trusted_project() {
    let world = World::new(
        "http: [\"https://192.0.2.1/\", {url: \"https://name.invalid/\", timeout: 1}]\naddresses: [\"192.0.2.1:443\"]\ndns: [name.invalid, {name: other.invalid, absent: true}]\n",
    );
    let told = world.check_with(&["--timeout", "1"]);
    assert_eq!((told.findings.len(), told.unknown.len()), (0, 5), "{told:?}");
    assert_eq!(told.code, 3);
    let shown = world.trust();
    for shown_there in [
        "sends GET https://192.0.2.1/",
        "connects to 192.0.2.1:443",
        "asks for the addresses of name.invalid",
    ] {
        assert!(shown.contains(shown_there), "{shown}");
    }
    // Without a network a resolver may not be able to tell; what cannot be reached cannot be reached.
    let told = world.check_with(&["--timeout", "1"]);
    let failed = told.findings.iter().filter(|(rule, _)| rule == "required-http-failed").count();
    assert_eq!(failed, 2, "{told:?}");
    assert!(told.findings.iter().any(|(rule, _)| rule == "required-address-unreachable"), "{told:?}");
}

#[test]
fn addresses_and_names_of_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (open, closed) = (listener.local_addr().unwrap().port(), free_port());
    let world = World::new(&format!(
        "addresses: [\"localhost:{open}\", \"tcp://127.0.0.1:{closed}\", {{address: \"127.0.0.1:{open}\", absent: true}}, {{address: \"127.0.0.1:{closed}\", absent: true}}]\n\
         dns: [localhost, {{name: localhost, addresses: [127.0.0.1]}}, {{name: localhost, addresses: [192.0.2.7]}}, {{name: localhost, absent: true}}]\n"
    ));
    let told = world.check();
    let rules: Vec<&str> = told.findings.iter().map(|(rule, _)| rule.as_str()).collect();
    let count = |wanted: &str| rules.iter().filter(|rule| **rule == wanted).count();
    assert_eq!(
        (
            count("required-address-unreachable"),
            count("required-name-differs"),
            count("unwanted-present"),
            rules.len()
        ),
        (1, 1, 2, 4),
        "{told:?}"
    );
}
