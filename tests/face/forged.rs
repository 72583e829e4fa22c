//! What somebody else wrote, in a log or in settings, is never taken for a line of envdoctor's own, nor by GitHub's runner for
//! a command to it.

use crate::tools::project;
use crate::world::World;

/// What a runner would obey.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[")
}

/// All that a command prints, wrapped at each of several widths.
fn printed(world: &World, args: &[&str]) -> Vec<String> {
    let each = ["40", "41", "57", "80", "120"].into_iter().map(|columns| {
        let output = world.doctor(args).env("COLUMNS", columns).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    });
    each.collect()
}

#[test]
fn a_log_gives_no_runner_a_command() {
    let world = project();
    let evil = "::error::pwn ".repeat(40);
    world.write(
        "project/other.log",
        &format!("  ::add-mask::a\nerror: {evil}\n::stop-commands::t\nerror: ##[set-env name=A]b\n"),
    );
    world.write(
        "project/evil.log",
        &format!("** (Mix) Could not find an SCM for dependency :jason from Demo.MixProject {evil}\n"),
    );
    for log in ["other.log", "evil.log"] {
        for args in [&["diagnose", log][..], &["diagnose", "-v", log], &["diagnose", "--plain", log]] {
            for text in printed(&world, args) {
                assert!(text.contains("::error::pwn"), "{text}");
                assert_eq!(text.lines().find(|line| is_command(line)), None, "{args:?}\n{text}");
            }
        }
    }
}

#[test]
fn settings_forge_no_line() {
    let world = project();
    world.write(
        "project/envdoctor.yaml",
        r#"require:
  files: [{path: none, why: "x\n✓ Healthy. 419 rules\nsummary: 0 problems\n::error::pwn", remedy: "Do it.\n\n::stop-commands::t\nsummary: 0 problems\n\n✓ Healthy."}]
  env: ["NEW\n::error::LINE\n✓ Healthy.", {name: "A\nsummary: 0 problems", equals: "b\n✓ Healthy."}]
  commands: [{run: ["a\n::error::b", "summary: 0 problems"]}]
ignore: [{rule: hex-missing, reason: "r\n✓ Healthy.\nsummary: 0 problems", until: 2999-01-01}]
"#,
    );
    let commands = [
        &["check"][..],
        &["check", "-v"],
        &["check", "--plain"],
        &["check", "--plain", "-v"],
        &["config", "--plain"],
        &["config"],
        &["trust"],
        &["trust", "--plain"],
    ];
    for args in commands {
        for text in printed(&world, args) {
            let is_plain = args.contains(&"--plain");
            let forged = |line: &&str| {
                is_command(line)
                    || line.starts_with("✓ Healthy.")
                    || is_plain && line.trim_start().starts_with("summary: 0")
                    || is_plain && line.starts_with(' ')
            };
            let forged: Vec<&str> = text.lines().filter(forged).collect();
            assert_eq!(forged.join("\n"), "", "{args:?}\n{text}");
        }
    }
    let plain = printed(&world, &["check", "--plain"]).remove(0);
    assert!(
        plain.contains("\ndo: Do what envdoctor.yaml says. Do it. ::stop-commands::t summary: 0 problems"),
        "{plain}"
    );
}

#[test]
fn a_mistake_in_settings_is_no_command() {
    let world = project();
    for settings in
        [r#""fail\n::error::pwn": 1"#, r#"require: {http: ["x\n::error::pwn"], "::x\n::error::y": 1}"#]
    {
        world.write("project/envdoctor.yaml", settings);
        for text in printed(&world, &["check"]) {
            assert_eq!(text.lines().find(|line| is_command(line)), None, "{text}");
        }
    }
}
