//! What a program that listens answers.

#![allow(clippy::disallowed_methods)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};

use super::super::{Address, Reply};
use crate::facts::Reading;

pub(super) fn exchange(address: &Address, send: &[u8], expect: usize, deadline: Duration) -> Reading<Reply> {
    let until = Instant::now() + deadline;
    let answer = match address {
        Address::Tcp { host, port } => tcp(host, *port, deadline).and_then(|mut stream| {
            stream.set_write_timeout(Some(deadline))?;
            stream.write_all(send)?;
            hear(&mut stream, expect, until, |stream, left| stream.set_read_timeout(Some(left)))
        }),
        Address::Unix(path) => unix(path).and_then(|mut stream| {
            stream.set_write_timeout(Some(deadline))?;
            stream.write_all(send)?;
            hear(&mut stream, expect, until, |stream, left| stream.set_read_timeout(Some(left)))
        }),
    };
    match answer {
        Ok(bytes) => Reading::Present(Reply::Raw(bytes)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::NotADirectory => Reading::Absent,
            ErrorKind::PermissionDenied => Reading::Denied,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                Reading::TimedOut(u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX))
            }
            // Whoever closes at once has answered nothing.
            ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => Reading::Present(Reply::Raw(Vec::new())),
            _ => Reading::failed(error.to_string()),
        },
    }
}

/// A connection to this machine. A name is not looked up, so that no resolver is asked.
fn tcp(host: &str, port: u16, deadline: Duration) -> io::Result<TcpStream> {
    let connect = |address: IpAddr| TcpStream::connect_timeout(&(address, port).into(), deadline);
    if host == "localhost" {
        return connect(Ipv4Addr::LOCALHOST.into()).or_else(|refused| {
            // A machine without IPv6 has nothing to add.
            connect(Ipv6Addr::LOCALHOST.into()).map_err(|_| refused)
        });
    }
    let address: IpAddr = host.parse().map_err(|_| io::Error::other(format!("{host} is another machine")))?;
    if !address.is_loopback() {
        return Err(io::Error::other(format!("{host} is another machine, and only this one is asked")));
    }
    connect(address)
}

/// A connection that never waits for room among those that a program has not yet accepted.
fn unix(path: &Path) -> io::Result<UnixStream> {
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::empty(), None)?;
    rustix::io::ioctl_fionbio(&socket, true)?;
    connect(&socket, &SocketAddrUnix::new(path)?)?;
    rustix::io::ioctl_fionbio(&socket, false)?;
    Ok(socket.into())
}

fn hear<S: Read>(
    stream: &mut S,
    expect: usize,
    until: Instant,
    limit: impl Fn(&S, Duration) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    while heard.len() < expect {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        limit(stream, left)?;
        let room = buffer.len().min(expect - heard.len());
        match stream.read(&mut buffer[..room]) {
            Ok(0) => break,
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(heard)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(5);

    #[test]
    fn an_answer_a_silence_and_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let address = Address::Unix(path.clone());
        assert_eq!(exchange(&address, b"hello", 4, LONG), Reading::Absent);
        let listener = UnixListener::bind(&path).unwrap();
        assert_eq!(exchange(&address, b"hello", 4, Duration::from_millis(200)), Reading::TimedOut(200));
        let server = thread::spawn(move || {
            let _silent = listener.accept().unwrap();
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 5];
            stream.read_exact(&mut request).unwrap();
            stream.write_all(&[1, 2, 3, 4, 5]).unwrap();
            request
        });
        assert_eq!(exchange(&address, b"hello", 4, LONG), Reading::Present(Reply::Raw(vec![1, 2, 3, 4])));
        assert_eq!(&server.join().unwrap(), b"hello");
        assert_eq!(exchange(&address, b"hello", 4, LONG), Reading::Absent, "nobody listens any more");
    }

    #[test]
    fn a_port_that_closes_at_once_and_another_machine() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || drop(listener.accept().unwrap()));
        let at = |host: &str, port| Address::Tcp { host: host.to_owned(), port };
        let reading = exchange(&at("localhost", port), b"", 4, LONG);
        server.join().unwrap();
        assert_eq!(reading, Reading::Present(Reply::Raw(Vec::new())));
        assert_eq!(exchange(&at("127.0.0.1", port), b"", 4, LONG), Reading::Absent);
        for other in ["192.0.2.1", "db.example.com"] {
            assert!(matches!(exchange(&at(other, 1), b"", 4, LONG), Reading::Failed { .. }));
        }
    }
}
