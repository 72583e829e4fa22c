//! `/proc/net/tcp` and `/proc/net/tcp6`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A socket that listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listening {
    /// The port.
    pub port: u16,
    /// The address.
    pub address: IpAddr,
}

/// The state of a socket that listens, `TCP_LISTEN`.
const LISTEN: &str = "0A";

/// The sockets that listen. The kernel writes an address as words of 32 bits in the machine's byte order, which is
/// little-endian on every machine that Nix supports.
pub fn parse_proc_net_tcp(text: &str) -> Vec<Listening> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace().skip(1);
            let (local, _remote, state) = (words.next()?, words.next()?, words.next()?);
            let (address, port) = local.split_once(':')?;
            let port = u16::from_str_radix(port, 16).ok()?;
            (state == LISTEN).then_some(Listening { port, address: parse_address(address)? })
        })
        .collect()
}

fn parse_address(text: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(text.get(8 * at..8 * at + 8)?, 16).ok()?.to_le_bytes());
    match text.len() {
        8 => Some(Ipv4Addr::from(word(0)?).into()),
        32 => {
            let mut bytes = [0; 16];
            for (at, part) in bytes.chunks_exact_mut(4).enumerate() {
                part.copy_from_slice(&word(at)?);
            }
            Some(Ipv6Addr::from(bytes).into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_listens() {
        let four = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
                    0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 10585 1\n   \
                    1: 0100007F:A2C4 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000  1000        0 10586 1\n";
        let six = "   0: 00000000000000000000000000000000:1538 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 1\n   \
                   1: 00000000000000000000000001000000:2CAA 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 1\n";
        let shown = |text: &str| {
            parse_proc_net_tcp(text)
                .iter()
                .map(|it| format!("{} {}", it.address, it.port))
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(four), ["127.0.0.1 4000"]);
        assert_eq!(shown(six), [":: 5432", "::1 11434"]);
        assert!(shown("no such table").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_table_is_too_odd(text in r"([0-9A-Fé]{0,33}[: \n]| 0A )*") {
            let _ = parse_proc_net_tcp(&text);
        }
    }
}
