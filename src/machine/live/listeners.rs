//! The programs that listen on TCP ports. Those of other users are known to root alone.

use listeners::{Protocol, SocketState};

use super::super::{Listener, Reply};
use crate::facts::Reading;

pub(super) fn listeners() -> Reading<Reply> {
    let all = match listeners::get_all() {
        Ok(all) => all,
        Err(error) => return Reading::failed(error.to_string()),
    };
    let mut listening: Vec<Listener> = all
        .into_iter()
        .filter(|it| it.protocol == Protocol::TCP && it.state == SocketState::Listen)
        .map(|it| Listener {
            port: it.socket.port(),
            address: it.socket.ip().to_string(),
            pid: it.process.pid,
            process: it.process.name,
        })
        .collect();
    listening.sort();
    Reading::Present(Reply::Listeners(listening))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn this_very_process_is_seen_to_listen() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let Reading::Present(Reply::Listeners(all)) = listeners() else { panic!("no answer") };
        let own = all.iter().find(|it| it.port == port).unwrap();
        assert_eq!((own.pid, own.address.as_str()), (std::process::id(), "127.0.0.1"));
    }
}
