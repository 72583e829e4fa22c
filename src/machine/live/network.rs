//! Whether something listens on a port.

#![allow(clippy::disallowed_methods)]

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::super::Reply;
use crate::facts::Reading;

const NO_SUCH_NAME: &[&str] = &[
    "Name or service not known",
    "No address associated with hostname",
    "nodename nor servname provided",
    "Name does not resolve",
];

pub(super) fn connect(host: &str, port: u16, deadline: Duration) -> Reading<Reply> {
    let begun = Instant::now();
    let late = || Reading::TimedOut(deadline.as_millis() as u64);
    let addresses = match addresses(host, port, deadline) {
        None => return late(),
        Some(Err(error)) => return Reading::failed(format!("{host}: {error}")),
        Some(Ok(addresses)) => addresses,
    };
    let mut reading = Reading::failed(format!("{host} has no address"));
    for address in addresses {
        let left = deadline.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return late();
        }
        reading = match TcpStream::connect_timeout(&address, left) {
            Ok(_) => return Reading::Present(Reply::Open),
            Err(error) => match error.kind() {
                ErrorKind::ConnectionRefused => Reading::Absent,
                ErrorKind::TimedOut | ErrorKind::WouldBlock => return late(),
                ErrorKind::PermissionDenied => Reading::Denied,
                _ => Reading::failed(format!("{address}: {error}")),
            },
        };
    }
    reading
}

/// The addresses of a host name.
pub(super) fn lookup(host: &str, deadline: Duration) -> Reading<Reply> {
    match addresses(host, 0, deadline) {
        None => Reading::TimedOut(u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX)),
        Some(Ok(found)) if found.is_empty() => Reading::Absent,
        Some(Ok(found)) => {
            let mut found: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
            found.sort();
            found.dedup();
            Reading::Present(Reply::Names(found))
        }
        Some(Err(error)) => {
            let why = error.to_string();
            // What the C libraries say of a name that is not there. A server that did not answer is no such knowledge.
            match NO_SUCH_NAME.iter().any(|words| why.contains(words)) {
                true => Reading::Absent,
                false => Reading::failed(format!("{host}: {why}")),
            }
        }
    }
}

/// A host's addresses. The system's resolver knows no deadline, so a thread of its own waits for it; that thread
/// is left behind when the answer comes too late.
fn addresses(host: &str, port: u16, deadline: Duration) -> Option<io::Result<Vec<SocketAddr>>> {
    let (send, receive) = mpsc::channel();
    let host = host.to_owned();
    thread::spawn(move || {
        let _ = send.send((host.as_str(), port).to_socket_addrs().map(Iterator::collect));
    });
    receive.recv_timeout(deadline).ok()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn an_open_port_a_closed_one_and_no_host() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let deadline = Duration::from_secs(5);
        assert_eq!(connect("127.0.0.1", port, deadline), Reading::Present(Reply::Open));
        assert_eq!(connect("127.0.0.1", 1, deadline), Reading::Absent);
        assert!(matches!(connect("no host", 1, deadline), Reading::Failed { .. }));
    }

    #[test]
    fn no_time_at_all_is_a_timeout() {
        assert_eq!(connect("localhost", 1, Duration::ZERO), Reading::TimedOut(0));
    }
}
