//! Colours by the published conventions: no-color.org and bixense.com/clicolors.

use std::process::Stdio;

use crate::terminal::Terminal;
use crate::tools::project;

const ESCAPE: char = '\u{1b}';

/// Variables, options, and whether there are colours.
type Row = (&'static [(&'static str, &'static str)], &'static [&'static str], bool);

#[test]
fn into_a_pipe() {
    let world = project();
    let rows: &[Row] = &[
        (&[], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "")], &[], false),
        (&[("CLICOLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], &[], true),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("CLICOLOR_FORCE", "1")], &["--plain"], false),
        (&[("ENVDOCTOR_PLAIN", "1")], &["--color", "always"], false),
        (&[("ENVDOCTOR_PLAIN", "0")], &["--color", "always"], true),
    ];
    for (variables, options, coloured) in rows {
        let mut doctor = world.doctor(&["diagnose", "build.log"]);
        let output =
            doctor.args(*options).envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("scm-not-found") || text.contains("hex-missing"), "{text}");
        assert_eq!(text.contains(ESCAPE), *coloured, "{variables:?} {options:?}\n{text}");
    }
}

#[test]
fn on_a_terminal() {
    let world = project();
    let rows: &[Row] = &[
        (&[], &[], true),
        (&[("NO_COLOR", "1")], &[], false),
        (&[("NO_COLOR", "")], &[], true),
        (&[("CLICOLOR", "0")], &[], false),
        (&[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], &[], true),
        (&[("TERM", "dumb")], &[], false),
        (&[], &["--color", "never"], false),
        (&[], &["--plain"], false),
    ];
    for (variables, options, coloured) in rows {
        let mut doctor = world.doctor(&["diagnose", "build.log"]);
        doctor.args(*options).envs(variables.iter().copied());
        let (_, screen) = Terminal::start(doctor).finish();
        assert_eq!(screen.contains(ESCAPE), *coloured, "{variables:?} {options:?}\n{screen}");
    }
}

#[test]
fn without_colours_the_same_words_are_there() {
    let world = project();
    let plain = world.printed(&["diagnose", "build.log"]);
    let coloured = world.printed(&["diagnose", "build.log", "--color", "always"]);
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    let timeless = |text: &str| regex::Regex::new(r"\d+ ms").unwrap().replace_all(text, "").into_owned();
    assert_eq!(timeless(&stripped), timeless(&plain));
}

#[test]
fn text_fits_narrow_and_wide_terminals() {
    let world = project();
    for columns in [40, 80, 120] {
        for args in [&["diagnose", "build.log"][..], &["explain", "hex-missing"], &["versions"]] {
            let output = world.doctor(args).env("COLUMNS", columns.to_string()).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            // What a tool printed, an address and a command line stay as they are.
            let wide = |line: &&str| {
                line.chars().count() > columns
                    && line.trim().contains(' ')
                    && !line.contains("Could not find")
                    && !line.contains("Shall I")
            };
            assert!(!text.lines().any(|line| wide(&line)), "{columns}: {args:?}\n{text}");
        }
    }
}
