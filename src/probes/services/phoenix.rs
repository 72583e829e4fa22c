//! The port on which the project's Phoenix endpoint is to listen, and who holds it.

use super::super::{Context, Probe};
use super::elixir_config::{Placed, configuration, dependencies};
use crate::facts::{Facts, Reading, Value};
use crate::machine::Listener;

pub(super) const PROBE: Probe = Probe {
    name: "Phoenix's port",
    yields: &["phoenix.port", "phoenix.port_holder"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    if !dependencies(context).contains("phoenix") {
        return facts;
    }
    let port = configuration(context).and_then(|configuration| {
        let mut endpoints = configuration.keys_with(&["http"]).into_iter();
        let port = endpoints.find_map(|key| {
            let (text, place): Placed = configuration.nested(context, key, "http", "port")?;
            Some((text.parse::<u16>().ok()?, place))
        });
        // The test environment's endpoint listens only where it is told to.
        Reading::from(port)
    });
    let number = port.clone().map(|(port, _)| port);
    let places = port.as_present().map(|(_, place)| place.clone()).into_iter().collect();
    facts.add_at("phoenix.port", number.clone().map(|port| u64::from(port).into()), "config", places);
    if context.wants("phoenix.port_holder") {
        let holder = number.and_then(|port| {
            context.machine().listeners().and_then(|all| Reading::from(holder(&all, port)).map(Value::from))
        });
        facts.add("phoenix.port_holder", holder, "who listens");
    }
    facts
}

/// The BEAM's processes: one of them may be this very project, which runs.
const BEAM: &[&str] = &["beam.smp", "beam", "erl", "erl_child_setup", "mix", "iex"];

fn holder(all: &[Listener], port: u16) -> Option<String> {
    let in_the_way = |it: &&Listener| {
        let address = it.address.parse::<std::net::IpAddr>();
        it.port == port
            && address.is_ok_and(|address| address.is_unspecified() || address.is_loopback())
            && !BEAM.contains(&it.process.as_str())
    };
    let holder = all.iter().find(in_the_way)?;
    Some(format!("{} (process {})", holder.process, holder.pid))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    fn found(config: &str, process: &str) -> (String, String) {
        let recording = format!(
            "env: {{PORT: '4100'}}\nfiles:\n  /p/mix.lock: '%{{\"phoenix\": {{:hex, :phoenix, \"1.7.14\", \"a\", [:mix], [], \"hexpm\", \"b\"}}}}'\n  \
             /p/config/dev.exs: 'config :app, AppWeb.Endpoint, http: [ip: {{127, 0, 0, 1}}, {config}]'\n\
             listeners: [{{port: 4000, address: '127.0.0.1', pid: 7, process: {process}}}]\n"
        );
        let facts = facts(&recording, "phoenix.");
        (shown(&facts, "phoenix.port"), shown(&facts, "phoenix.port_holder"))
    }

    #[test]
    fn a_port_that_another_program_holds() {
        let (port, holder) = found("port: 4000", "ControlCenter");
        assert_eq!(port, "4000 @ config/dev.exs:1:64");
        assert_eq!(holder, "ControlCenter (process 7)");
        assert_eq!(found("port: 4000", "beam.smp").1, "-");
        assert_eq!(found("port: 4001", "node").1, "-");
        let (port, holder) = found("port: String.to_integer(System.get_env(\"PORT\") || \"4000\")", "node");
        assert!(port.starts_with("4100 @") && holder == "-", "{port} {holder}");
        assert_eq!(found("port: port()", "node"), ("-".into(), "-".into()));
        assert_eq!(shown(&facts("", "phoenix."), "phoenix.port"), "-");
    }
}
