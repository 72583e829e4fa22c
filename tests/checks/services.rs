//! Databases, local models, and the tools beside the project: on this machine, with servers that the test is.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::thread;

use crate::project::Project;
use crate::recorded::says;

/// A server that answers every connection so, for as long as the test runs. Its port.
fn server(answer: impl Fn(&mut TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            answer(&mut stream);
        }
    });
    port
}

/// A web server with these answers by path.
fn web(answers: &'static [(&'static str, &'static str)]) -> u16 {
    server(move |stream| {
        let mut request = [0; 2048];
        let read = stream.read(&mut request).unwrap_or(0);
        let request = String::from_utf8_lossy(&request[..read]).into_owned();
        let path = request.split_whitespace().nth(1).unwrap_or_default().to_owned();
        let (status, body) = match answers.iter().find(|(known, _)| *known == path) {
            Some((_, body)) => ("200 OK", *body),
            None => ("404 Not Found", "404 page not found"),
        };
        let _ = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
    })
}

/// What a PostgreSQL server without SSL answers to the request for it.
fn postgres() -> u16 {
    server(|stream| {
        let mut request = [0; 8];
        if stream.read_exact(&mut request).is_ok() && request == [0, 0, 0, 8, 4, 210, 22, 47] {
            let _ = stream.write_all(b"N");
        }
    })
}

/// A port on which nobody listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

const LOCK: &str = "%{\n  \"phoenix\": {:hex, :phoenix, \"1.7.14\", \"aa\", [:mix], [], \"hexpm\", \"bb\"},\n  \
                    \"postgrex\": {:hex, :postgrex, \"0.19.0\", \"aa\", [:mix], [], \"hexpm\", \"bb\"},\n}\n";

fn dev(port: u16) -> String {
    format!(
        "import Config\n\nconfig :app, App.Repo,\n  username: \"postgres\", password: \"s3cret\",\n  hostname: \"localhost\",\n  port: {port}\n"
    )
}

#[test]
fn postgresql_is_not_running() {
    let stopped = Project::new(&[("mix.lock", LOCK), ("config/dev.exs", &dev(closed_port()))]);
    let report = stopped.check();
    // On a machine with a server of its own the other rule speaks.
    let rule = ["postgres-connection-refused", "postgres-other-port"];
    let found = rule.iter().find_map(|rule| report.diagnosis(rule)).unwrap();
    assert_eq!(found["severity"], "error");
    assert!(found.to_string().contains("\"line\":5"), "{found:#}");
    let running = Project::new(&[("mix.lock", LOCK), ("config/dev.exs", &dev(postgres()))]);
    rule.iter().for_each(|rule| running.is_free_of(rule));
    let elsewhere = dev(5432).replace("localhost", "db.example.com");
    let elsewhere = Project::new(&[("mix.lock", LOCK), ("config/dev.exs", &elsewhere)]);
    rule.iter().for_each(|rule| elsewhere.is_free_of(rule));
}

#[test]
fn postgresql_listens_on_another_port() {
    let project = Project::new(&[("mix.lock", LOCK), ("config/dev.exs", &dev(closed_port()))]);
    let other = postgres();
    project.write("pgdata/PG_VERSION", "16\n");
    project.write("pgdata/postmaster.pid", &format!("1\n/p\n1\n{other}\n/tmp\nlocalhost\n"));
    project.finds("postgres-other-port", "error", &[&format!("localhost:{other}"), "config/dev.exs"]);
    project.is_free_of("postgres-connection-refused");
}

#[test]
fn the_data_is_of_another_postgresql() {
    let recording = |data: &str| {
        format!(
            "project: /p\notherwise: absent\nwhich: {{postgres: /nix/store/3vqhs0x1ckm2hlzdclzhs6ryf5a8gnfd-postgresql-16.3/bin/postgres}}\n\
             files:\n  /nix/store/3vqhs0x1ckm2hlzdclzhs6ryf5a8gnfd-postgresql-16.3/bin/postgres: ''\n  /p/.postgres/PG_VERSION: \"{data}\\n\"\n"
        )
    };
    let check = |data: &str| says(&recording(data), &["check"]).text;
    let broken = check("15");
    assert!(broken.contains(".postgres is of PostgreSQL 15, and the `postgres` on PATH is 16.3"), "{broken}");
    assert!(!check("16").contains("postgres-data-version-mismatch"));
}

const TAGS: &str = r#"{"models": [{"name": "qwen3:8b", "model": "qwen3:8b", "size": 5225388164}]}"#;
const OLLAMA: &[(&str, &str)] =
    &[("/api/version", r#"{"version": "0.12.6"}"#), ("/api/tags", TAGS), ("/api/ps", r#"{"models": []}"#)];

fn opencode(model: &str, port: u16) -> String {
    format!(
        "{{\n  // which model\n  \"model\": \"ollama/{model}\",\n  \"provider\": {{\"ollama\": {{\"options\": {{\"baseURL\": \"http://localhost:{port}/v1\", \
         \"apiKey\": \"s3cret\"}}, \"models\": {{\"{model}\": {{}}}}}}}},\n}}\n"
    )
}

#[test]
fn ollama_and_its_model() {
    let stopped = Project::new(&[("opencode.json", &opencode("qwen3:8b", closed_port()))]);
    stopped.finds("ollama-not-running", "warning", &["opencode.json"]);
    let running = Project::new(&[("opencode.json", &opencode("qwen3:8b", web(OLLAMA)))]);
    running.is_free_of("ollama-not-running");
    running.is_free_of("ollama-model-missing");
    let lacks = Project::new(&[("opencode.json", &opencode("qwen4", web(OLLAMA)))]);
    lacks.finds("ollama-model-missing", "warning", &["qwen4", "\"line\":3", "qwen3:8b"]);
    let another_program = Project::new(&[]).with("OLLAMA_HOST", &format!("localhost:{}", web(&[])));
    another_program.finds("ollama-not-running", "warning", &["OLLAMA_HOST"]);
    let away = Project::new(&[]).with("OLLAMA_HOST", "http://me:s3cret@gpu.example.com:11434");
    away.is_free_of("ollama-not-running");
    Project::new(&[]).is_free_of("ollama-not-running");
}

#[test]
fn ollama_on_the_processor() {
    let check = |size_vram: u64| {
        let ps = format!(
            "{{\"models\": [{{\"name\": \"qwen3:8b\", \"size\": 5225388164, \"size_vram\": {size_vram}}}]}}"
        );
        let recording = format!(
            "project: /p\notherwise: absent\nhost: {{family: linux, name: Linux, version: null, arch: x86_64, cpu: x, cpus: 1, memory: 1}}\n\
             env: {{OLLAMA_HOST: localhost}}\nfiles: {{/proc/driver/nvidia/gpus/0000:01:00.0/information: 'Model: NVIDIA H100'}}\n\
             http:\n  http://localhost:11434/api/version: {{status: 200, body: '{{\"version\": \"0.12.6\"}}'}}\n  \
             http://localhost:11434/api/ps: {{status: 200, body: '{ps}'}}\n"
        );
        says(&recording, &["check"]).text
    };
    let broken = check(0);
    assert!(broken.contains("ollama-no-gpu") && broken.contains("qwen3:8b"), "{broken}");
    assert!(!check(5_225_388_164).contains("ollama-no-gpu"));
}

#[test]
fn lm_studio_and_its_model() {
    let models: &[(&str, &str)] =
        &[("/v1/models", r#"{"data": [{"id": "qwen3-8b", "object": "model"}], "object": "list"}"#)];
    let host = |port: u16| format!("http://localhost:{port}/v1");
    let stopped = Project::new(&[]).with("LMSTUDIO_HOST", &host(closed_port()));
    stopped.finds("lmstudio-not-running", "warning", &["LMSTUDIO_HOST"]);
    let running = || Project::new(&[]).with("LMSTUDIO_HOST", &host(web(models)));
    running().is_free_of("lmstudio-not-running");
    let lacks = running();
    lacks.write("opencode.json", "{\"model\": \"lmstudio/gone\"}");
    lacks.finds("lmstudio-model-missing", "warning", &["gone", "opencode.json", "qwen3-8b"]);
    lacks.write("opencode.json", "{\"model\": \"lmstudio/qwen3-8b\"}");
    lacks.is_free_of("lmstudio-model-missing");
}

#[test]
fn opencodes_configuration() {
    let project = |text: &str| Project::new(&[("opencode.json", text)]);
    project("{\n  \"model\": \"a/b\"\n  \"share\": \"auto\"\n}").finds(
        "opencode-config-invalid",
        "error",
        &["not valid JSON", "\"line\":2"],
    );
    project("{\"provider\": {\"x\": {\"options\": {\"apiKey\": \"{file:./key}\"}}}}").finds(
        "opencode-config-invalid",
        "error",
        &["./key"],
    );
    project("{\"mcpServers\": {}}").finds("opencode-unknown-key", "warning", &["it is `mcp`"]);
    project("{\"provider\": {\"x\": {\"options\": {\"apiKey\": \"{env:NO_SUCH_KEY}\"}}}}").finds(
        "opencode-variable-unset",
        "warning",
        &["NO_SUCH_KEY"],
    );
    let undefined = opencode("qwen3", 1).replace("\"models\": {\"qwen3\"", "\"models\": {\"qwen4\"");
    project(&undefined).finds("opencode-model-not-found", "error", &["ollama/qwen3", "\"line\":3"]);
    let server = "{\n  \"mcp\": {\"docs\": {\"type\": \"local\", \"command\": [\"acme-docs\"]}}\n}";
    let missing = project(server);
    missing.finds("mcp-server-start-failed", "warning", &["acme-docs", "\"line\":2"]);
    missing.program("acme-docs");
    missing.is_free_of("mcp-server-start-failed");
    let fine = project(
        "{ // fine\n  \"model\": \"anthropic/claude-sonnet-4-5\",\n  \"mcp\": {\"x\": {\"enabled\": false}},\n}",
    );
    for rule in ["config-invalid", "unknown-key", "variable-unset", "model-not-found", "config-path-ignored"]
    {
        fine.is_free_of(&format!("opencode-{rule}"));
    }
    fine.with("OPENCODE_CONFIG_PATH", ".opencode").finds(
        "opencode-config-path-ignored",
        "info",
        &[".opencode"],
    );
}

#[test]
fn serenas_project() {
    let healthy = Project::new(&[(".serena/project.yml", "project_name: app\nlanguages:\n- elixir\n")]);
    healthy.is_free_of("serena-config-invalid");
    healthy.write(".serena/project.yml", "project_name: app\nlanguages: [elixir\nread_only: false\n");
    healthy.finds("serena-config-invalid", "error", &[".serena/project.yml", "not valid YAML"]);
    healthy.with("SERENA_PROJECT_PATH", "/no/such/project").finds(
        "serena-project-path-missing",
        "warning",
        &["/no/such/project"],
    );
    let there = Project::new(&[(".serena/project.yml", "languages: []")]);
    let path = there.folder().join(".serena").to_string_lossy().into_owned();
    there.with("SERENA_PROJECT_PATH", &path).is_free_of("serena-project-path-missing");
}

#[test]
fn npms_packages() {
    let project =
        Project::new(&[("assets/package.json", "{\n  \"devDependencies\": {\"topbar\": \"^3\"}\n}\n")]);
    project.finds("node-modules-missing", "warning", &["assets/package.json", "\"line\":2"]);
    project.write("assets/node_modules/topbar/package.json", "{}");
    project.is_free_of("node-modules-missing");
    let lock = |version: &str| {
        format!("{{\"packages\": {{\"node_modules/topbar\": {{\"version\": \"{version}\"}}}}}}")
    };
    project.write("assets/package-lock.json", &lock("3.0.1"));
    project.write("assets/node_modules/.package-lock.json", &lock("3.0.0"));
    project.finds("node-modules-outdated", "warning", &["topbar 3.0.0"]);
    project.write("assets/node_modules/.package-lock.json", &lock("3.0.1"));
    project.is_free_of("node-modules-outdated");
}

#[test]
fn a_port_that_another_program_holds() {
    let port = server(|_| {});
    let config = |port: u16| {
        format!("import Config\nconfig :app, AppWeb.Endpoint, http: [ip: {{127, 0, 0, 1}}, port: {port}]\n")
    };
    let project = Project::new(&[("mix.lock", LOCK), ("config/dev.exs", &config(port))]);
    // The program that holds it is this test.
    project.finds("port-in-use", "warning", &["config/dev.exs", &std::process::id().to_string()]);
    project.write("config/dev.exs", &config(closed_port()));
    project.is_free_of("port-in-use");
}

#[test]
fn whose_repository_and_whose_commits() {
    let project = Project::new(&[(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")]);
    project.is_free_of("git-identity-missing");
    project.git(&["init", "--quiet"]);
    project.is_free_of("git-ownership");
    project.finds("git-identity-missing", "info", &["names no author"]);
    project.git(&["config", "user.name", "Ann"]);
    project.git(&["config", "user.email", "ann@example.com"]);
    project.is_free_of("git-identity-missing");
    let with_lfs = Project::new(&[]);
    with_lfs.is_free_of("git-lfs-missing");
    if which::which("git-lfs").is_err() {
        project.finds("git-lfs-missing", "warning", &["not on PATH"]);
    }
    // Only root can give a folder away.
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(project.folder(), Some(54321), None).unwrap();
        project.finds("git-ownership", "error", &["belongs to another user"]);
        let config = project.base.path().join("home/.gitconfig");
        fs::write(config, "[safe]\n\tdirectory = *\n").unwrap();
        project.is_free_of("git-ownership");
    }
}

#[test]
fn an_ssh_agent_that_has_gone() {
    let project = Project::new(&[("mix.exs", "{:a, git: \"git@git.example.com:acme/a.git\"}")]);
    project.is_free_of("ssh-agent-not-answering");
    let socket = project.base.path().join("agent");
    let project = project.with("SSH_AUTH_SOCK", socket.to_str().unwrap());
    project.finds("ssh-agent-not-answering", "warning", &["git.example.com"]);
    let listener = UnixListener::bind(&socket).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 5];
            if stream.read_exact(&mut request).is_ok() && request == [0, 0, 0, 1, 11] {
                let _ = stream.write_all(&[0, 0, 0, 5, 12, 0, 0, 0, 0]);
            }
        }
    });
    project.is_free_of("ssh-agent-not-answering");
}

#[test]
fn no_secret_of_a_configuration_is_shown_or_recorded() {
    let project = Project::new(&[
        ("mix.lock", LOCK),
        (
            "config/dev.exs",
            "config :app, App.Repo, password: \"s3cret-1\", url: \"ecto://me:s3cret-2@localhost:1/x\"\n",
        ),
        (
            "opencode.json",
            "{\"provider\": {\"ollama\": {\"options\": {\"apiKey\": \"s3cret-3\", \"baseURL\": \"http://u:s3cret-4@localhost:1/v1\"}}}}",
        ),
    ]);
    let project =
        project.with("DATABASE_URL", "postgres://me:s3cret-5@localhost:1/x").with("PGPASSWORD", "s3cret-6");
    let record = project.folder().join("machine.yaml");
    for arguments in [
        vec!["facts", "-v"],
        vec!["--format", "json", "facts"],
        vec!["check", "-v"],
        vec!["facts", "--record", record.to_str().unwrap()],
    ] {
        let text = project.says(&arguments).text;
        assert!(text.contains("postgres") || text.is_empty(), "{text}");
        assert!(!text.contains("s3cret"), "{arguments:?}: {text}");
    }
    let recorded = fs::read_to_string(record).unwrap();
    assert!(recorded.contains("App.Repo") && !recorded.contains("s3cret"), "{recorded}");
}
