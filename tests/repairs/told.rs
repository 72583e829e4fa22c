//! What only a person can mend: envdoctor says what is wrong, and changes nothing.

use std::{net::TcpStream, thread, time::Duration};

use crate::lab::{Lab, mise};
use crate::scenario::{End, Scenario, SeenBy, scenarios};

scenarios! {
    port_held_by_another_program on [host] Scenario {
        needs: &["elixir", "python3"],
        break_it: hold_port,
        fails: &["elixir", "server.exs"],
        seen_by: SeenBy::Run,
        rule: "port-in-use",
        end: End::Told { words: &["It is python3"] },
    };

    version_not_installed on [host] Scenario {
        needs: &["mise"],
        break_it: |lab| {
            lab.put_on_path(mise().unwrap().to_str().unwrap());
            lab.set("MISE_OFFLINE", "1");
            lab.write(".tool-versions", "gleam 1.6.0\n");
        },
        fails: &["mise", "exec", "--", "gleam", "--version"],
        seen_by: SeenBy::Check,
        rule: "asdf-version-not-installed",
        end: End::Told { words: &["gleam 1.6.0", "mise install", "--yes=user would allow it"] },
    };
}

/// The port of a Phoenix project, held by a program of another kind.
fn hold_port(lab: &mut Lab) {
    lab.write(
        "mix.lock",
        "%{\n  \"phoenix\": {:hex, :phoenix, \"1.7.14\", \"a\", [:mix], [], \"hexpm\", \"b\"},\n}\n",
    );
    lab.write(
        "config/dev.exs",
        "import Config\nconfig :shop, ShopWeb.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4000]\n",
    );
    lab.write("server.exs", "{:ok, _} = :gen_tcp.listen(4000, ip: {127, 0, 0, 1})\n");
    lab.start_until_the_end(&["python3", "-m", "http.server", "4000", "--bind", "127.0.0.1"]);
    let reached = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(50));
        TcpStream::connect("127.0.0.1:4000").is_ok()
    });
    assert!(reached, "nothing listens on port 4000");
}
