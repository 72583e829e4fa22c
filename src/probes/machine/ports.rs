//! TCP ports in use, and who holds them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};
use crate::formats::parse_proc_net_tcp;

pub(super) const PROBE: Probe = Probe {
    name: "ports",
    yields: &["ports.listening", "port.*.process"],
    usual: &["4000", "5432", "11434", "1234"],
    apart: false,
    run,
};

/// Who holds a port: the addresses, and the process where it is known.
type Ports = BTreeMap<u16, (BTreeSet<String>, Option<String>)>;

fn run(context: &Context) -> Facts {
    let ports = ports(context);
    let mut facts = Facts::default();
    let listening = ports.clone().map(|ports| {
        let lines = ports.iter().map(|(port, (addresses, process))| {
            let addresses = addresses.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
            let process = process.as_deref().map(|process| format!(" by {process}")).unwrap_or_default();
            format!("{port} on {addresses}{process}")
        });
        Value::List(lines.collect())
    });
    facts.add("ports.listening", listening, "open sockets");
    for port in context.subjects() {
        let process = ports.clone().and_then(|ports| {
            let held = port.parse().ok().and_then(|port: u16| ports.get(&port).cloned());
            held.map(|(_, process)| {
                Value::from(process.unwrap_or_else(|| "a process of another user".to_owned()))
            })
            .into()
        });
        facts.add(format!("port.{port}.process"), process, "open sockets");
    }
    facts
}

fn ports(context: &Context) -> Reading<Ports> {
    let mut ports = Ports::new();
    let mut told = false;
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        if let Some(text) = context.machine().read(Path::new(table)).present() {
            told = true;
            for socket in parse_proc_net_tcp(&text) {
                ports.entry(socket.port).or_default().0.insert(socket.address.to_string());
            }
        }
    }
    // Linux tells every port, but the processes only of one's own; macOS has nothing but the second answer.
    match context.machine().listeners() {
        Reading::Present(listeners) => {
            for listener in listeners {
                let (addresses, process) = ports.entry(listener.port).or_default();
                addresses.insert(listener.address);
                process.get_or_insert(format!("{} ({})", listener.process, listener.pid));
            }
        }
        unknown if !told => return unknown.and_then(|_| Reading::Absent),
        _ => {}
    }
    Reading::Present(ports)
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn ports_with_those_who_hold_them() {
        let recording = "files:\n  /proc/net/tcp: |\n    \u{20} sl local rem st\n    \
                         \u{20}  0: 0100007F:0FA0 00000000:0000 0A 0:0\n    \u{20}  1: 00000000:1538 00000000:0000 0A 0:0\n\
                         listeners:\n- {port: 4000, address: 127.0.0.1, pid: 7, process: beam.smp}\n- {port: 4000, address: '::1', pid: 7, process: beam.smp}\n";
        let facts = ["ports.listening", "port.4000.process", "port.5432.process", "port.1234.process"];
        assert_eq!(
            ask(recording, &facts),
            [
                "4000 on 127.0.0.1 ::1 by beam.smp (7), 5432 on 0.0.0.0",
                "beam.smp (7)",
                "a process of another user",
                "-"
            ]
        );
        assert_eq!(ask("", &facts), ["", "-", "-", "-"]);
    }
}
