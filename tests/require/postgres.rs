//! A real PostgreSQL server.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::world::World;

fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = glob::glob("/usr/lib/postgresql/*/bin").unwrap().flatten().collect();
    found.sort();
    found.pop().filter(|folder| folder.join("pg_ctl").exists())
}

struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

impl Server {
    fn run(&self, program: &str, arguments: &[&str]) {
        let data = self.folder.path().join("data");
        let mut command = match std::env::var("USER").as_deref() {
            _ if rustix_is_root() => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
                    .arg(self.programs.join(program));
                command
            }
            _ => Command::new(self.programs.join(program)),
        };
        command.current_dir("/").args(["-D", data.to_str().unwrap()]).args(arguments);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}");
    }
}

fn rustix_is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-m", "immediate", "stop"]);
    }
}

#[test]
fn a_server_that_answers_one_that_does_not_and_something_else() {
    let Some(programs) = programs() else {
        assert!(std::env::var_os("ENVDOCTOR_REQUIRE_TOOLS").is_none(), "PostgreSQL is not installed");
        return eprintln!("left out: PostgreSQL is not installed");
    };
    let folder = tempfile::tempdir().unwrap();
    if rustix_is_root() {
        std::os::unix::fs::chown(folder.path(), Some(65534), Some(65534)).unwrap();
    }
    let free = || TcpListener::bind("127.0.0.1:0").unwrap();
    let other = free();
    let (port, none, other) = (
        free().local_addr().unwrap().port(),
        free().local_addr().unwrap().port(),
        other.local_addr().unwrap().port(),
    );
    let server = Server { folder, programs };
    server.run("initdb", &["--auth=trust", "--no-sync"]);
    let socket = server.folder.path().to_str().unwrap().to_owned();
    let options = format!("-p {port} -k {socket} -c listen_addresses=127.0.0.1");
    server.run("pg_ctl", &["-w", "-l", "/dev/null", "-o", &options, "start"]);

    let world = World::new(&format!("postgresql: {{port: {port}}}\n"));
    world.check().are(&[]);
    world.require(&format!("postgresql: {{port: {none}}}\nservices: [postgresql]\nprocesses: [postgres]\n"));
    let silent = |port: u16, seen: &str| {
        format!("PostgreSQL does not answer at localhost:{port}, where envdoctor.yaml requires it: {seen}")
    };
    world.check().are(&[("required-server-silent", &silent(none, "nothing listens there"))]);
    world.require(&format!("postgresql: {{port: {other}, why: the tests need it}}\n"));
    let told = world.check_with(&["--timeout", "1"]);
    told.are(&[(
        "required-server-silent",
        &format!("{}: the tests need it", silent(other, "what listens there says nothing")),
    )]);
    world.require(&format!("postgresql: {{version: \">= 99\", port: {port}}}\n"));
    let told = world.check();
    let [(rule, _)] = told.findings.as_slice() else { panic!("{told:?}") };
    assert!(["required-version-not-met", "required-tool-missing"].contains(&rule.as_str()), "{told:?}");
}

/// What a rule has found already is told once, as what follows from it.
#[test]
fn what_the_projects_own_files_ask_for_as_well_is_told_once() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let world = World::new(&format!("  postgresql: {{port: {port}}}\n"));
    world.write(
        "config/dev.exs",
        &format!(
            "import Config\nconfig :a, A.Repo, hostname: \"localhost\", port: {port}, database: \"a\"\n"
        ),
    );
    world.write("mix.exs", "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: \"1.0.0\", deps: [{:postgrex, \"~> 0.19\"}]]\nend\n");
    let told = world.check_with(&["--only", "postgres,required-server-silent"]);
    let count = |report: &serde_json::Value| report["diagnoses"].as_array().unwrap().len();
    assert_eq!(count(&told.report), 1, "{}", told.report);
    // Another test's server may run at the same time.
    let rule = told.report["diagnoses"][0]["rule"].as_str().unwrap();
    assert!(["postgres-connection-refused", "postgres-other-port"].contains(&rule), "{rule}");
    assert_eq!(told.report["diagnoses"][0]["consequences"], serde_json::json!(["required-server-silent"]));
    // Another server is another matter.
    world.require(&format!("  postgresql: {{port: {}}}\n", port ^ 1));
    let told = world.check_with(&["--only", "postgres,required-server-silent"]);
    assert_eq!(count(&told.report), 2, "{}", told.report);
}
