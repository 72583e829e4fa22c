//! Asking a web server on this machine, and no other one.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::time::Duration;

use ureq::http::Uri;
use ureq::{Agent, Error};

use super::super::{Reply, Response};
use crate::facts::Reading;

/// A longer answer is refused.
const LIMIT: u64 = 4 * 1024 * 1024;

pub(super) fn get(url: &str, deadline: Duration) -> Reading<Reply> {
    let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    match host {
        None => Reading::failed(format!("'{url}' is no address")),
        Some(host) if !is_loopback(&host) => {
            Reading::failed(format!("{host} is another machine, and only this one is asked"))
        }
        // The name needs no resolver, and a bare container has none that knows it.
        Some(host) if host.eq_ignore_ascii_case("localhost") => {
            match ask(&url.replacen(&host, "127.0.0.1", 1), deadline) {
                Reading::Absent => ask(&url.replacen(&host, "[::1]", 1), deadline),
                reading => reading,
            }
        }
        Some(_) => ask(url, deadline),
    }
}

fn ask(url: &str, deadline: Duration) -> Reading<Reply> {
    // No proxy is asked for this machine, and no redirect leads away from it.
    let config = Agent::config_builder()
        .timeout_global(Some(deadline))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent(concat!("envdoctor/", env!("CARGO_PKG_VERSION")))
        .build();
    let answer = Agent::new_with_config(config).get(url).call().and_then(|mut response| {
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(LIMIT).lossy_utf8(true).read_to_string()?;
        Ok(Response { status, body })
    });
    match answer {
        Ok(response) => Reading::Present(Reply::Response(response)),
        Err(Error::Timeout(_)) => Reading::TimedOut(u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX)),
        Err(Error::ConnectionFailed) => Reading::Absent,
        // A machine without IPv6 cannot even say that nothing listens at ::1.
        Err(Error::Io(error))
            if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::AddrNotAvailable) =>
        {
            Reading::Absent
        }
        Err(error) => Reading::failed(format!("{url}: {error}")),
    }
}

/// Whether a host is this machine by its very name: no resolver is asked.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn answered(reply: &'static str) -> Reading<Reply> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/api/tags", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap();
            stream.write_all(reply.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..read]).into_owned()
        });
        let reading = get(&url, Duration::from_secs(5));
        assert!(server.join().unwrap().starts_with("GET /api/tags HTTP/1.1"));
        reading
    }

    #[test]
    fn a_server_here_is_heard_whatever_its_status() {
        let reading = answered("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        assert_eq!(reading, Reading::Present(Reply::Response(Response { status: 200, body: "{}".into() })));
        let reading =
            answered("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(reading, Reading::Present(Reply::Response(Response { status: 302, body: String::new() })));
        assert!(matches!(answered("what?\r\n\r\n"), Reading::Failed { .. }));
    }

    #[test]
    fn silence_nobody_and_other_machines() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        assert_eq!(get(&url, Duration::from_millis(200)), Reading::TimedOut(200));
        let named = url.replace("127.0.0.1", "localhost");
        assert_eq!(get(&named, Duration::from_millis(200)), Reading::TimedOut(200));
        drop(listener);
        assert_eq!(get(&url, Duration::from_secs(5)), Reading::Absent);
        assert_eq!(get(&named, Duration::from_secs(5)), Reading::Absent);
        for other in
            ["http://192.0.2.1/", "http://ollama.example.com:11434/", "http://localhost.example.com/"]
        {
            let why = get(other, Duration::from_secs(5)).why_unknown().unwrap();
            assert!(why.contains("another machine"), "{why}");
        }
        assert!(matches!(get("no address", Duration::from_secs(5)), Reading::Failed { .. }));
    }
}
