//! PostgreSQL: the server that the project means, whether it answers, and the data that it would serve.

mod data;
mod server;
mod wire;

use super::super::{Context, Probe};
use super::Listed;
use crate::facts::{Facts, Reading, Value};
use server::{Address, Server};

pub(super) const CONFIGURED: Probe = Probe {
    name: "PostgreSQL's configuration",
    yields: &[
        "postgres.server",
        "postgres.host",
        "postgres.port",
        "postgres.local",
        "postgres.user",
        "postgres.database",
    ],
    usual: &[],
    apart: false,
    run: configured,
};

pub(super) const RUNNING: Probe = Probe {
    name: "PostgreSQL",
    yields: &["postgres.answers", "postgres.other_servers"],
    usual: &[],
    apart: false,
    run: running,
};

pub(super) const DATA: Probe = Probe {
    name: "PostgreSQL's data",
    yields: &[
        "postgres.data.folder",
        "postgres.data.port",
        "postgres.data.version",
        "postgres.data.readable_by",
    ],
    usual: &[],
    apart: false,
    run: data::run,
};

/// Whether PostgreSQL answers at a port of this machine.
pub(in crate::probes) fn answers(context: &Context, host: &str, port: u16) -> Reading<bool> {
    wire::answers(context, &Address::Tcp { host: host.to_owned(), port })
}

fn configured(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let server = server::meant(context);
    let (source, places) = match server.as_present() {
        Some(server) => (server.source.clone(), server.place.clone().into_iter().collect()),
        None => ("config".to_owned(), Vec::new()),
    };
    let name = server.clone().map(|server| Value::from(server.address.to_string()));
    facts.add_at("postgres.server", name, &source, places);
    facts.add("postgres.local", server.clone().map(|server| server.address.is_loopback().into()), &source);
    let mut part = |name: &str, part: fn(Server) -> Option<Value>| {
        let value = server.clone().and_then(|server| Reading::from(part(server)));
        facts.add(name, value, &source);
    };
    part("postgres.host", |server| server.address.host().map(Value::from));
    part("postgres.port", |server| server.address.port().map(|port| Value::Integer(port.into())));
    part("postgres.user", |server| server.user.map(Value::from));
    part("postgres.database", |server| server.database.map(Value::from));
    facts
}

fn running(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let server = server::meant(context).and_then(|server| match server.address.is_loopback() {
        true => Reading::Present(server),
        // No other machine is asked.
        false => Reading::Absent,
    });
    let answers = server.clone().and_then(|server| wire::answers(context, &server.address));
    facts.add("postgres.answers", answers.clone().map(Value::Bool), "its answer to a request for SSL");
    if context.wants("postgres.other_servers")
        && let Reading::Present(server) = server
    {
        let mut found = others(context, &server.address);
        // The socket of the very server that answers is no other one.
        if let (Reading::Present(true), Address::Tcp { port, .. }) = (answers, &server.address) {
            found.retain(|name| !name.ends_with(&format!(".s.PGSQL.{port}")));
        }
        Listed { texts: found, places: Vec::new() }.add_to(
            &mut facts,
            "postgres.other_servers",
            "sockets, ports",
        );
    }
    facts
}

/// The servers that answer on this machine, other than the one that is meant.
fn others(context: &Context, meant: &Address) -> Vec<String> {
    let mut candidates = wire::sockets(context, meant);
    candidates.extend(data::running(context).into_iter().map(Address::here));
    candidates.extend(wire::ports(context).into_iter().map(Address::here));
    let mut found: Vec<String> = Vec::new();
    for address in candidates.into_iter().filter(|address| address != meant) {
        let name = address.to_string();
        if !found.contains(&name) && wire::answers(context, &address) == Reading::Present(true) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    const CONFIG: &str = "files:\n  /p/mix.lock: '%{\"postgrex\": {:hex, :postgrex, \"0.19.0\", \"a\", [:mix], [], \"hexpm\", \"b\"}}'\n";
    /// The request for SSL, and its answer by a server without it.
    fn answer(address: &str, reply: &str) -> String {
        format!("  - {{address: {address}, send: 0000000804d2162f, expect: 1, reply: {reply}}}\n")
    }

    fn dev(settings: &str) -> String {
        format!("{CONFIG}  /p/config/dev.exs: 'config :app, App.Repo, {settings}'\n")
    }

    const LOCAL: &str = "!tcp {host: localhost, port: 5432}";

    #[test]
    fn the_server_of_dev_exs_answers() {
        let config = dev(
            "username: \"postgres\", password: \"s3cret\", hostname: \"localhost\", database: \"app_dev\"",
        );
        let facts = facts(&format!("{config}exchanges:\n{}", answer(LOCAL, "4e")), "postgres.");
        assert_eq!(shown(&facts, "postgres.server"), "localhost:5432 @ config/dev.exs:1:76");
        assert_eq!(shown(&facts, "postgres.local"), "yes");
        assert_eq!(shown(&facts, "postgres.user"), "postgres");
        assert_eq!(shown(&facts, "postgres.database"), "app_dev");
        assert_eq!(shown(&facts, "postgres.answers"), "yes");
        assert!(!format!("{facts:?}").contains("s3cret"), "{facts:?}");
    }

    #[test]
    fn a_server_with_a_socket_is_not_asked_for_ssl_at_its_port() {
        let config = dev("hostname: \"localhost\"");
        let socket = answer("!unix /tmp/.s.PGSQL.5432", "4e");
        let open = "  - {address: !tcp {host: localhost, port: 5432}, send: '', expect: 0, reply: ''}\n";
        let found = |more: &str| {
            let recording = format!(
                "{config}folders: {{/tmp: [.s.PGSQL.5432]}}\nlinks: {{/tmp/.s.PGSQL.5432: /tmp/.s.PGSQL.5432}}\nexchanges:\n{socket}{more}"
            );
            let facts = facts(&recording, "postgres.");
            (shown(&facts, "postgres.answers"), shown(&facts, "postgres.other_servers"))
        };
        assert_eq!(found(open), ("yes".into(), String::new()));
        assert_eq!(found(""), ("no".into(), "/tmp/.s.PGSQL.5432".into()));
    }

    #[test]
    fn nothing_answers_there_and_another_server_does() {
        let config = dev("hostname: \"localhost\", port: 5432");
        let found = facts(&config, "postgres.");
        assert_eq!(shown(&found, "postgres.answers"), "no");
        assert_eq!(shown(&found, "postgres.other_servers"), "");
        // Another program on the port does not speak PostgreSQL.
        let found = facts(&format!("{config}exchanges:\n{}", answer(LOCAL, "48")), "postgres.");
        assert_eq!(shown(&found, "postgres.answers"), "no");
        let socket = answer("!unix /tmp/.s.PGSQL.5433", "4e");
        let other = answer("!tcp {host: localhost, port: 5434}", "53");
        let found = facts(
            &format!(
                "{config}folders: {{/tmp: [.s.PGSQL.5433, .s.PGSQL.5433.lock, .s.PGSQL.6000, x]}}\n\
                 listeners: [{{port: 5434, address: '::1', pid: 7, process: postgres}}]\nexchanges:\n{socket}{other}"
            ),
            "postgres.",
        );
        assert_eq!(shown(&found, "postgres.other_servers"), "/tmp/.s.PGSQL.5433, localhost:5434");
    }

    #[test]
    fn sockets_variables_and_other_machines() {
        let socket = dev("socket_dir: \"/run/postgresql\"");
        assert_eq!(
            shown(&facts(&socket, "postgres."), "postgres.server"),
            "/run/postgresql/.s.PGSQL.5432 @ config/dev.exs:1:36"
        );
        let url = "env: {DATABASE_URL: 'postgres://me:s3cret@db.example.com:6000/app'}\n";
        let found = facts(url, "postgres.");
        assert_eq!(shown(&found, "postgres.server"), "db.example.com:6000");
        assert_eq!(
            (shown(&found, "postgres.local"), shown(&found, "postgres.answers")),
            ("no".into(), "-".into())
        );
        assert_eq!(shown(&found, "postgres.other_servers"), "-");
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
        let url = dev("url: System.get_env(\"DATABASE_URL\") || \"ecto://a:s3cret@localhost/x\"");
        let found = facts(&url, "postgres.");
        assert!(shown(&found, "postgres.server").starts_with("localhost:5432 @ config/dev.exs:1:"));
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
        let host = "env: {PGHOST: /tmp/pg, PGPORT: '5439'}\n";
        assert_eq!(shown(&facts(host, "postgres."), "postgres.server"), "/tmp/pg/.s.PGSQL.5439");
        let default = format!("{}env: {{PGPORT: '5440'}}\n", dev("database: \"x\""));
        assert!(shown(&facts(&default, "postgres."), "postgres.server").starts_with("localhost:5440 @"));
    }

    #[test]
    fn what_the_project_does_not_say_in_so_many_words() {
        for config in [
            "files: {/p/config/dev.exs: 'config :app, App.Repo, hostname: \"localhost\"'}\n".to_owned(),
            dev("hostname: host(), database: \"x\""),
            dev("hostname: \"localhost\", port: port()"),
            CONFIG.to_owned(),
            "{}".to_owned(),
        ] {
            let config = if config == "{}" { String::new() } else { config };
            assert_eq!(shown(&facts(&config, "postgres."), "postgres.server"), "-", "{config}");
        }
        let broken = format!("{CONFIG}  /p/config/dev.exs: 'config :a, ['\n");
        assert!(
            shown(&facts(&broken, "postgres."), "postgres.server").starts_with("? config/dev.exs: line 1")
        );
    }

    #[test]
    fn a_data_folder_and_the_servers_that_read_it() {
        let found = facts("files: {/p/.postgres/PG_VERSION: \"15\\n\"}\n", "postgres.data");
        assert_eq!(shown(&found, "postgres.data.folder"), "/p/.postgres");
        assert_eq!(shown(&found, "postgres.data.version"), "15");
        assert_eq!(shown(&found, "postgres.data.readable_by"), "~> 15.0");
        let found = facts("env: {PGDATA: /d}\nfiles: {/d/PG_VERSION: '9.6'}\n", "postgres.data");
        assert_eq!(shown(&found, "postgres.data.readable_by"), "~> 9.6.0");
        assert_eq!(shown(&facts("", "postgres.data"), "postgres.data.folder"), "-");
    }

    #[test]
    fn a_running_server_tells_its_port_in_its_data_folder() {
        let pid = "files:\n  /p/mix.lock: '%{\"postgrex\": {:hex, :postgrex, \"0.19.0\", \"a\", [:mix], [], \"hexpm\", \"b\"}}'\n  \
                   /p/config/dev.exs: 'config :app, App.Repo, hostname: \"localhost\"'\n  /p/pgdata/PG_VERSION: '16'\n  \
                   /p/pgdata/postmaster.pid: \"6667\\n/p/pgdata\\n1795395964\\n5436\\n/tmp\\nlocalhost\\n\"\n";
        let found = facts(
            &format!("{pid}exchanges:\n{}", answer("!tcp {host: localhost, port: 5436}", "4e")),
            "postgres.",
        );
        assert_eq!(shown(&found, "postgres.other_servers"), "localhost:5436");
    }
}
