//! A PostgreSQL server with its data in the project, as development shells have it.

use crate::lab::{Lab, postgres_programs};
use crate::scenario::{End, Scenario, SeenBy, scenarios};

/// What a server writes is its own: no repair takes that back.
const DATA: &str = "project/.pg";

scenarios! {
    server_stopped on [host] Scenario {
        needs: &["postgresql", "setpriv"],
        break_it: |lab| make_data(lab),
        fails: &["psql", "--dbname=postgres", "--command=SELECT 1"],
        seen_by: SeenBy::Run,
        rule: "postgres-connection-refused",
        end: End::Repaired {
            consent: &["--yes=project"],
            works: &["psql", "--dbname=postgres", "--command=SELECT 1"],
            not_ours: &[DATA],
        },
    };

    server_stopped_seen_by_check on [host] Scenario {
        needs: &["postgresql", "setpriv"],
        break_it: |lab| make_data(lab),
        fails: &["psql", "--dbname=postgres", "--command=SELECT 1"],
        seen_by: SeenBy::Check,
        rule: "postgres-connection-refused",
        end: End::Repaired {
            consent: &["--yes=project"],
            works: &["psql", "--dbname=postgres", "--command=SELECT 1"],
            not_ours: &[DATA],
        },
    };

    role_missing on [host] Scenario {
        needs: &["postgresql", "setpriv"],
        break_it: |lab| {
            make_data(lab);
            start(lab);
        },
        fails: &["psql", "--username=shop", "--dbname=postgres", "--command=SELECT 1"],
        seen_by: SeenBy::Run,
        rule: "postgres-role-missing",
        end: End::Repaired {
            consent: &["--yes=project"],
            works: &["psql", "--username=shop", "--dbname=postgres", "--command=SELECT 1"],
            not_ours: &[DATA],
        },
    };

    database_missing on [host] Scenario {
        needs: &["postgresql", "setpriv"],
        break_it: |lab| {
            make_data(lab);
            start(lab);
            let user = OWNER;
            lab.set("PGUSER", user);
        },
        fails: &["psql", "--dbname=shop_dev", "--command=SELECT 1"],
        seen_by: SeenBy::Run,
        rule: "database-does-not-exist",
        end: End::RepairedForGood {
            consent: &["--yes=project"],
            works: &["psql", "--dbname=shop_dev", "--command=CREATE TABLE IF NOT EXISTS plants (name text)"],
            command: "createdb",
        },
    };
}

/// PostgreSQL does not run as root; everybody has this user.
const OWNER: &str = "nobody";

/// A new server's data in the project, and the variables by which a development shell tells its tools of it.
fn make_data(lab: &mut Lab) {
    lab.become_user(OWNER);
    lab.put_on_path(postgres_programs().unwrap().to_str().unwrap());
    let data = lab.inside("project/.pg");
    lab.set("PGDATA", &data);
    lab.set("PGHOST", &data);
    lab.run(&["initdb", "--auth=trust", "--no-sync"]).exits(0);
    // Nobody outside the lab meets it.
    let settings = "listen_addresses = ''\nfsync = off\n";
    lab.write(".pg/postgresql.auto.conf", settings);
    lab.run_at_the_end(&["pg_ctl", "stop", "-m", "immediate"]);
}

fn start(lab: &Lab) {
    let (log, socket) = (lab.inside("project/.pg/server.log"), format!("-k {}", lab.inside("project/.pg")));
    lab.run(&["pg_ctl", "start", "-l", &log, "-o", &socket]).exits(0);
}
