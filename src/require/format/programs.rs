//! The keys of requirements of variables, programs and facts.

use super::{ABSENT, MATCHER, Section, look};
use crate::require::read::{LONGEST_TIMEOUT, MOST_ARGUMENTS};
use crate::rules::format::{Key, Shape};

const VARIABLE: Shape = Shape::Like(&look::VARIABLE);
const PROGRAM: Shape = Shape::Like(&look::PROGRAM);

/// Environment variables.
pub(crate) const ENV: Section = Section {
    name: "env",
    alone: Some(VARIABLE),
    keys: &[&[Key::new("name", VARIABLE, "The variable's name.").needed(), ABSENT], MATCHER],
    about: "Environment variables.",
};

/// Facts.
pub(crate) const FACTS: Section = Section {
    name: "facts",
    alone: Some(Shape::Fact),
    keys: &[&[Key::new("name", Shape::Fact, "The fact's name.").needed(), ABSENT], MATCHER],
    about: "Facts that envdoctor knows: `envdoctor facts -v` shows them all.",
};

/// Programs. One that is run has the keys of [`OF_RUN`], another those of [`NOT_RUN`].
pub(crate) const COMMANDS: Section = Section {
    name: "commands",
    alone: Some(PROGRAM),
    keys: &[&[
        Key::new("name", PROGRAM, "A program on PATH."),
        ABSENT,
        Key::new(
            "run",
            Shape::Command(MOST_ARGUMENTS),
            "A program and its arguments, never a shell line: run in the project's folder, with your environment.",
        ),
        Key::new("exit", Shape::Value, "What its exit status must be; 0 where it is left out."),
        Key::new("stdout", Shape::Content, "What it must print on its standard output."),
        Key::new("stderr", Shape::Content, "What it must print on its standard error."),
        Key::new("version", Shape::Like(&look::VERSION), "The version that it must print, such as `>= 1.7`."),
        Key::new(
            "timeout",
            Shape::Count(LONGEST_TIMEOUT),
            "The seconds that it may take; 5 where it is left out.",
        ),
    ]],
    about: "Programs that must be on PATH, or what comes of running them.",
};

/// What can be said only of a program that is run.
pub(crate) const OF_RUN: &[&str] = &["exit", "stdout", "stderr", "version", "timeout"];

/// What can be said only of a program that is not run.
pub(crate) const NOT_RUN: &[&str] = &["name", "absent"];
