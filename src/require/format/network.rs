//! The keys of requirements of ports, servers and names.

use super::{ABSENT, Section, look};
use crate::require::read::{LONGEST_TIMEOUT, METHODS};
use crate::rules::format::{Key, Shape, words};

const PORT: Shape = Shape::Like(&look::PORT_HERE);
const URL: Shape = Shape::Like(&look::URL);
const ADDRESS: Shape = Shape::Like(&look::ADDRESS);
const HOST: Shape = Shape::Like(&look::HOST);
const HEADER: Shape = Shape::Like(&look::HEADER);

/// Ports of this machine.
pub(crate) const PORTS: Section = Section {
    name: "ports",
    alone: Some(PORT),
    keys: &[&[
        Key::new("port", PORT, "The port.").needed(),
        Key::new(
            "host",
            HOST,
            "The address of this machine at which it must be open; any where it is left out.",
        ),
        Key::new("free", Shape::Flag, "true: nothing may listen there."),
    ]],
    about: "TCP ports of this machine at which something must listen.",
};

/// What web servers answer.
pub(crate) const HTTP: Section = Section {
    name: "http",
    alone: Some(URL),
    keys: &[&[
        Key::new("url", URL, "The address, http:// or https://.").needed(),
        Key::new("method", Shape::OneOf(|| words(METHODS)), "What is asked; GET where it is left out."),
        Key::new("status", Shape::Value, "What the status must be; less than 400 where it is left out."),
        Key::new("body", Shape::Content, "What the answer's text must be."),
        Key::new(
            "headers",
            Shape::Entries(&HEADER, &Shape::Content),
            "What headers of the answer must be, each by its name.",
        ),
        Key::new("send", Shape::Map(SEND), "What is sent."),
        Key::new("follow", Shape::Flag, "true: redirects are followed."),
        Key::new("insecure", Shape::Flag, "true: any certificate will do."),
        Key::new(
            "timeout",
            Shape::Count(LONGEST_TIMEOUT),
            "The seconds that the answer may take; 5 where it is left out.",
        ),
    ]],
    about: "Web servers that must answer.",
};

/// The keys of what is sent.
pub(crate) const SEND: &[Key] = &[
    Key::new("headers", Shape::Entries(&HEADER, &Shape::Word), "Headers, each with its value."),
    Key::new("body", Shape::Text, "The body."),
];

/// Hosts and ports that accept connections.
pub(crate) const ADDRESSES: Section = Section {
    name: "addresses",
    alone: Some(ADDRESS),
    keys: &[&[
        Key::new("address", ADDRESS, "A host and a port, such as \"db.internal:5432\".").needed(),
        ABSENT,
    ]],
    about: "Hosts and ports that must accept connections.",
};

/// Host names.
pub(crate) const DNS: Section = Section {
    name: "dns",
    alone: Some(HOST),
    keys: &[&[
        Key::new("name", HOST, "The name.").needed(),
        Key::new("addresses", Shape::Value, "What its addresses must be: a list is contained in them."),
        ABSENT,
    ]],
    about: "Host names that must have an address.",
};
