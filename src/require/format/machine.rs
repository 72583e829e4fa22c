//! The keys of requirements of files and of the system.

use super::{ABSENT, MATCHER, NAME, Section, look};
use crate::require::read::TYPES;
use crate::rules::format::{Key, Shape, words};

const PLAIN: Shape = Shape::Like(&look::PLAIN);
const PLAIN_NAME: Key = Key::new("name", PLAIN, "Its name.").needed();
const ABSOLUTE: Shape = Shape::Like(&look::ABSOLUTE);

/// Files, folders, links and sockets.
pub(crate) const FILES: Section = Section {
    name: "files",
    alone: Some(Shape::Word),
    keys: &[
        &[
            Key::new("path", Shape::Word, "From the project's folder, from `~/`, or absolute.").needed(),
            ABSENT,
            Key::new("type", Shape::OneOf(|| words(TYPES)), "What must stand there."),
            Key::new(
                "mode",
                Shape::Like(&look::MODE),
                "The permission bits that it must have, such as \"0600\".",
            ),
            Key::new("owner", Shape::Word, "The user that it must belong to; `me`: whoever runs envdoctor."),
            Key::new("group", Shape::Word, "The group that it must belong to."),
            Key::new("size", Shape::Value, "How many bytes it must have."),
            Key::new("target", Shape::Value, "Where the link must lead, as it is written in it."),
            Key::new("sha256", Shape::Like(&look::SHA256), "SHA-256 of its content."),
        ],
        MATCHER,
    ],
    about: "Files, folders, links and sockets. What a text must be is said of a file's content.",
};

/// Mounted file systems.
pub(crate) const MOUNTS: Section = Section {
    name: "mounts",
    alone: Some(ABSOLUTE),
    keys: &[&[
        Key::new("path", ABSOLUTE, "Where, absolutely.").needed(),
        ABSENT,
        Key::new("source", Shape::Value, "What must be mounted there."),
        Key::new("filesystem", Shape::Value, "The kind of file system."),
        Key::new("options", Shape::Value, "How it is mounted: a list is contained in the options."),
        Key::new("used", Shape::Value, "How much of it is used, in per cent."),
    ]],
    about: "Mounted file systems.",
};

/// Services.
pub(crate) const SERVICES: Section = Section {
    name: "services",
    alone: Some(PLAIN),
    keys: &[&[
        PLAIN_NAME,
        Key::new("enabled", Shape::Flag, "Whether it must start by itself (true), or must not (false)."),
        ABSENT,
    ]],
    about: "Services that must run, asked of systemd or launchd.",
};

/// Processes.
pub(crate) const PROCESSES: Section = Section {
    name: "processes",
    alone: Some(Shape::Word),
    keys: &[&[NAME, ABSENT]],
    about: "Processes that must run.",
};

/// Packages of the system.
pub(crate) const PACKAGES: Section = Section {
    name: "packages",
    alone: Some(PLAIN),
    keys: &[&[
        PLAIN_NAME,
        Key::new(
            "version",
            Shape::Either(&[Shape::Like(&look::VERSION), Shape::Value]),
            "The version that it must have, such as `>= 3.20`.",
        ),
        ABSENT,
    ]],
    about: "Packages of the system, in the lists of dpkg, apk, pacman, Homebrew or rpm.",
};

/// Users.
pub(crate) const USERS: Section = Section {
    name: "users",
    alone: Some(Shape::Word),
    keys: &[&[
        Key::new("name", Shape::Word, "Its name; `me`: whoever runs envdoctor.").needed(),
        ABSENT,
        Key::new("uid", Shape::Value, "Its number."),
        Key::new("gid", Shape::Value, "The number of its own group."),
        Key::new("home", Shape::Value, "Its home folder."),
        Key::new("shell", Shape::Value, "Its shell."),
        Key::new("groups", Shape::Value, "Its groups: a list is contained in them."),
    ]],
    about: "Users of the system.",
};

/// Groups of users.
pub(crate) const GROUPS: Section = Section {
    name: "groups",
    alone: Some(Shape::Word),
    keys: &[&[NAME, Key::new("gid", Shape::Value, "Its number."), ABSENT]],
    about: "Groups of users.",
};

/// Settings of the kernel.
pub(crate) const SYSCTL: Section = Section {
    name: "sysctl",
    alone: None,
    keys: &[&[Key::new("name", PLAIN, "Its name, such as vm.max_map_count.").needed()], MATCHER],
    about: "Settings of the kernel, each with what it must be.",
};
