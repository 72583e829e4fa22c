//! `envdoctor report`: what it holds, what it leaves out, and how a browser shows it.

use std::fs;
use std::process::Stdio;

use crate::chromium::opened;
use crate::terminal::Terminal;
use crate::tools::project;
use crate::world::World;

/// Everything that nobody else shall read, each planted somewhere.
const PRIVATE: &[&str] = &[
    "ghp_plantedplanted01234567",
    "s3cretpassword",
    "planted-user",
    "planted-host",
    "hunter2hunter2",
    "sk-plantedplantedplanted",
    "jane.planted@corp.example",
    "/home/planted",
];

/// A log that would like to run in whoever opens it.
const EVIL: &str = "</pre><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">";

fn planted() -> World {
    let world = project();
    world.write("project/.env", "SECRET_KEY_BASE=hunter2hunter2\n");
    world.write(
        "project/evil.log",
        &format!(
            "** (Mix) Could not find an SCM for dependency :jason from Demo.MixProject {EVIL}\n\
             error: {EVIL} Authorization: Bearer sk-plantedplantedplanted by jane.planted@corp.example\n\
             error: cannot open /home/planted-user/app/x on planted-host: https://bot:s3cretpassword@git.example.com/x\n"
        ),
    );
    let mut run =
        world.doctor(&["run", "--", "sh", "-c", "cat evil.log >&2; : ghp_plantedplanted01234567; exit 3"]);
    assert_eq!(run.output().unwrap().status.code(), Some(3));
    world
}

fn report(world: &World, args: &[&str]) -> std::process::Output {
    let mut doctor = world.doctor(&["report"]);
    doctor.args(args).stdin(Stdio::null());
    doctor.env("USER", "planted-user").env("HOSTNAME", "planted-host.example.net");
    doctor.env("GITHUB_TOKEN", "ghp_plantedplanted01234567");
    doctor.env("HEX_MIRROR", "https://bot:s3cretpassword@hex.example.com");
    doctor.env("NIX_CONFIG", "access-tokens = github.com=ghp_plantedplanted01234567");
    doctor.env("DATABASE_URL", "postgres://planted-user:s3cretpassword@localhost/x");
    doctor.output().unwrap()
}

#[test]
fn nothing_private_is_in_it() {
    let world = planted();
    for file in ["a.md", "a.html"] {
        let output = report(&world, &[file]);
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{shown}{}", String::from_utf8_lossy(&output.stderr));
        let text = world.read(&format!("project/{file}"));
        assert!(text.contains("elixir-version-requirement") || text.contains("hex-missing"), "{text}");
        assert!(text.contains("hex.example.com"), "the rest of the address stays");
        assert!(text.contains("exit status 3"), "the last run is told");
        for private in PRIVATE {
            assert!(!text.contains(private), "{private} is in {file}");
            assert!(!shown.contains(private), "{private} is in\n{shown}");
        }
        let home = world.path("");
        assert!(!text.contains(home.to_str().unwrap().trim_end_matches('/')), "the home folder is in {file}");
        assert!(
            shown.contains(" holds, for everybody who can read it:")
                && shown.contains("Taken out: secrets in "),
            "{shown}"
        );
    }
}

#[test]
fn it_is_at_least_as_strict_as_a_recording() {
    let world = planted();
    let facts = ["facts", "--record", "machine.yaml", "--quiet"];
    let recorded = world
        .doctor(&facts)
        .env("HEX_MIRROR", "https://bot:s3cretpassword@hex.example.com")
        .output()
        .unwrap();
    assert!(recorded.status.success());
    let replayed = report(&world, &["--facts", "machine.yaml", "b.md"]);
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    let text = world.read("project/b.md");
    assert!(
        text.contains("hex-missing") && !text.contains("Last run"),
        "what ran here is not of that machine"
    );
    for private in PRIVATE {
        assert!(!text.contains(private), "{private}");
    }
}

#[test]
fn a_browser_shows_it_and_runs_nothing() {
    let world = planted();
    let output = report(&world, &["r.html", "--yes"]);
    assert!(output.status.success());
    let file = world.path("project/r.html");
    let Some((dom, console)) = opened(&world, &file) else { return };
    assert!(dom.contains("<title>envdoctor report</title>"), "no script has changed it");
    assert!(!dom.contains("<script") && !dom.contains("<img"), "the log's markup is text");
    assert!(dom.contains("&lt;script&gt;document.title='ran'&lt;/script&gt;"), "it can be read");
    assert!(!console.contains("Content Security Policy") && !console.contains("Refused"), "{console}");
    for cell in [
        r#"<th scope="row">mix.exs:3:59</th>"#,
        r#"<th scope="row">elixir</th>"#,
        r#"<th scope="col">This shell</th>"#,
        r#"<h3><span class="severity">error</span>"#,
        "<rect ",
        r#"<th scope="row">env.HEX_MIRROR</th><td>https://redacted@hex.example.com</td>"#,
    ] {
        assert!(dom.contains(cell), "{cell} is not in it");
    }
    // Every row of facts is one of them.
    let rows = dom.matches(r#"<th scope="row">"#).count();
    let summary =
        regex::Regex::new(r"(\d+) facts").unwrap().captures(&dom).unwrap()[1].parse::<usize>().unwrap();
    assert!(summary > 100 && rows > summary, "{summary} facts, {rows} rows");
    // The policy holds whatever the page holds.
    let page = fs::read_to_string(&file).unwrap();
    let armed = page.replace("</main>", "<script>document.title='ran'</script></main>");
    fs::write(&file, armed).unwrap();
    let (dom, _) = opened(&world, &file).unwrap();
    assert!(dom.contains("<title>envdoctor report</title>"), "the policy lets no script run");
}

#[test]
fn it_is_shown_first_and_asked_for() {
    let world = project();
    for (answer, written, code) in
        [("n\n", false, 1), ("\u{3}", false, 130), ("y\n", true, 0), ("\n", true, 1)]
    {
        let mut terminal = Terminal::start(world.doctor(&["report"]));
        terminal.expect("envdoctor-report.md holds");
        terminal.expect("Taken out");
        terminal.expect(if written && answer == "\n" {
            "is there already. Replace it? [y/N]"
        } else {
            "Write envdoctor-report.md? [y/N]"
        });
        terminal.press(answer);
        let (ended, screen) = terminal.finish();
        assert_eq!(ended, code, "{screen}");
        assert_eq!(world.path("project/envdoctor-report.md").exists(), written, "{screen}");
    }
}

#[test]
fn a_file_is_replaced_only_by_consent_and_has_a_form() {
    let world = project();
    world.write("project/there.md", "mine\n");
    let refused = report(&world, &["there.md"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("there.md is there already; --yes replaces it")
    );
    assert_eq!(world.read("project/there.md"), "mine\n");
    assert!(report(&world, &["there.md", "--yes"]).status.success());
    assert!(world.read("project/there.md").starts_with("# envdoctor report\n"));
    let formless = report(&world, &["report.pdf"]);
    assert_eq!(formless.status.code(), Some(2));
    let to_stdout = report(&world, &["-"]);
    assert!(String::from_utf8_lossy(&to_stdout.stdout).starts_with("# envdoctor report\n"));
    assert!(String::from_utf8_lossy(&to_stdout.stderr).contains("stdout holds"));
    let json = report(&world, &["j.html", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json["schema_version"].as_u64(), json["file"].as_str()), (Some(1), Some("j.html")));
    assert!(json["facts"].as_u64() > Some(100) && json["redacted"]["names"].is_u64());
}

#[test]
fn what_does_not_count_and_what_is_required_are_told() {
    let world = project();
    world.write(
        "project/envdoctor.yaml",
        "only: [require, hex-missing]
ignore:
  - rule: required-file-missing
    reason: it comes with the image
    until: 2999-12-31
  - rule: hex-missing
    reason: the image brings it
require:
  files: [no-such-file.txt]
  env:
    - {name: REGION, remedy: 'Put export REGION=eu into .envrc, and password=hunter2hunter2 into your own'}
    - {name: PLANTED_TOKEN, matches: '^s3cretpassword'}
    - OTHER
  http:
    - {url: 'http://127.0.0.1:1/x', send: {headers: {Authorization: Bearer sk-plantedplantedplanted}}}
  commands: [{run: [curl, -H, 'Authorization: Bearer sk-plantedplantedplanted', x]}]
",
    );
    let log = "Could not find Hex, which is needed to build dependency :jason";
    let mut run = world.doctor(&["run", "--", "sh", "-c", &format!("echo '{log}'; exit 3")]);
    assert_eq!(run.output().unwrap().status.code(), Some(3));
    for file in ["a.md", "a.html"] {
        let mut doctor = world.doctor(&["report", file]);
        doctor.env("PLANTED_TOKEN", "other").stdin(Stdio::null());
        let output = doctor.output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{shown}{}", String::from_utf8_lossy(&output.stderr));
        assert!(shown.contains("2 findings that do not count"), "{shown}");
        let text = world.read(&format!("project/{file}"));
        let plain = text.replace('\\', "");
        for told in [
            // Why it does not count, of the machine and of the last run.
            "Does not count",
            "ignored until 2999-12-31: it comes with the image (envdoctor.yaml:3)",
            "Known, and does not count:",
            "ignored: the image brings it (envdoctor.yaml:6)",
            // What is required, what is so instead, and what the team says about it.
            "The variable REGION is not set, and envdoctor.yaml requires it",
            "envdoctor.yaml:11:7",
            "is not set: - {name: REGION, remedy",
            "Do what envdoctor.yaml says",
            "Put export REGION=eu into .envrc",
            "The variable PLANTED_TOKEN is set to another value, but envdoctor.yaml requires that it is as required",
            "what is required of a secret is not shown",
        ] {
            assert!(plain.contains(told), "{told} is not in {file}:\n{text}");
        }
        for private in PRIVATE {
            assert!(!plain.contains(private), "{private} is in {file}\n{text}");
        }
    }
}

#[test]
fn the_last_lines_of_a_run_that_no_rule_knows_are_told() {
    let world = project();
    world.doctor(&["run", "--", "sh", "-c", "echo the planet is gone; exit 3"]).output().unwrap();
    assert!(report(&world, &["a.md"]).status.success());
    let text = world.read("project/a.md");
    assert!(text.contains("No rule knows this failure") && text.contains("the planet is gone"), "{text}");
}
