//! Recordings are written and read without loss.

use super::*;
use crate::machine::Address;
use crate::machine::FileKind;
use crate::machine::{Execution, Subject};
use crate::matching::{Matcher, Order};

#[test]
fn every_answer_survives_being_written_and_read() {
    let answers: BTreeMap<Question, Reading<Reply>> = [
        (Question::Env("A".into()), Reading::Present(Reply::Text("5".into()))),
        (Question::Env("B".into()), Reading::Absent),
        (Question::Env("C".into()), Reading::NotText),
        (Question::Which("mix".into()), Reading::Present(Reply::Path("/usr/bin/mix".into()))),
        (Question::Read("/f".into()), Reading::Present(Reply::Text("a: b\n\n  c\ttab \n".into()))),
        (Question::Read("/g".into()), Reading::Denied),
        (Question::ReadBytes { file: "/r".into(), limit: 9 }, Reading::Present(Reply::Raw(vec![0x83, 0]))),
        (Question::ReadBytes { file: "/n".into(), limit: 9 }, Reading::Absent),
        (
            Question::Excerpt { file: "/e".into(), after: "(".into(), before: ")".into() },
            Reading::Present(Reply::Text("27".into())),
        ),
        (Question::Excerpt { file: "/n".into(), after: "(".into(), before: ")".into() }, Reading::Absent),
        (Question::List("/d".into()), Reading::Present(Reply::Names(vec!["x".into(), "null".into()]))),
        (Question::Resolve("/l".into()), Reading::Present(Reply::Path("/m".into()))),
        (Question::Resolve("/n".into()), Reading::TimedOut(2000)),
        (
            Question::FileSystem("/".into()),
            Reading::Present(Reply::FileSystem(FileSystem { free: u64::MAX, ..FileSystem::default() })),
        ),
        (Question::Stat("/none".into()), Reading::Absent),
        (
            Question::Stat("/s".into()),
            Reading::Present(Reply::Stat(Stat {
                kind: FileKind::Socket,
                size: 0,
                modified: -1,
                inode: 7,
                mode: 0o755,
                uid: 1000,
                gid: 0,
            })),
        ),
        (Question::Process("postgres".into()), Reading::Present(Reply::Flag(true))),
        (
            Question::Matches {
                of: Subject::File("/a".into()),
                matcher: Matcher::All(vec![
                    Matcher::None(vec![Matcher::Contains("x".into())]),
                    Matcher::Json("/a".into(), Box::new(Matcher::Compares(Order::Less, "1".into()))),
                    Matcher::Equals(vec!["a".into()]),
                    Matcher::Empty(false),
                ]),
            },
            Reading::Present(Reply::Flag(false)),
        ),
        (
            Question::Execute {
                argv: vec!["jq".into(), "".into()],
                folder: "/p".into(),
                timeout: 5000,
                stdout: Some(Matcher::Matches("^x".into())),
                stderr: None,
            },
            Reading::Present(Reply::Execution(Execution {
                code: None,
                stdout: true,
                stderr: false,
                said: "x".into(),
            })),
        ),
        (Question::Checksum("/a".into()), Reading::Present(Reply::Text("ab".into()))),
        (Question::Lookup("a".into()), Reading::Present(Reply::Names(vec!["::1".into()]))),
        (Question::GroupNumber("a".into()), Reading::Absent),
        (Question::Access("/dev/kfd".into()), Reading::Denied),
        (Question::Access("/dev/null".into()), Reading::Present(Reply::Open)),
        (Question::Access("/dev/dxg".into()), Reading::Absent),
        (Question::Tracked("/p".into()), Reading::Present(Reply::Names(vec!["a.nix".into()]))),
        (Question::Tracked("/q".into()), Reading::Absent),
        (
            Question::User,
            Reading::Present(Reply::User(User { uid: 0, name: "root".into(), groups: vec!["root".into()] })),
        ),
        (Question::Group("nixbld".into()), Reading::Absent),
        (Question::Group("wheel".into()), Reading::Present(Reply::Names(vec![]))),
        (Question::Clock, Reading::Present(Reply::Seconds(1_795_392_000))),
        (Question::Variables("MLX_".into()), Reading::Present(Reply::Names(vec!["MLX_RANK".into()]))),
        (
            Question::Exchange { address: Address::Unix("/s".into()), send: vec![1, 255], expect: 8 },
            Reading::Present(Reply::Raw(vec![0, 10])),
        ),
        (
            Question::Exchange {
                address: Address::Tcp { host: "::1".into(), port: 1 },
                send: vec![],
                expect: 1,
            },
            Reading::Absent,
        ),
        (
            Question::Http("http://localhost:11434/api/tags".into()),
            Reading::Present(Reply::Response(Response { status: 200, body: "{}".into() })),
        ),
        (Question::Http("http://localhost:1234/v1/models".into()), Reading::Absent),
        (
            Question::Listeners,
            Reading::Present(Reply::Listeners(vec![Listener {
                port: 4000,
                address: "127.0.0.1".into(),
                pid: 7,
                process: "beam.smp".into(),
            }])),
        ),
        (Question::Connect { host: "::1".into(), port: 5432 }, Reading::Present(Reply::Open)),
        (Question::Connect { host: "db".into(), port: 5432 }, Reading::Absent),
        (
            Question::Run { argv: vec!["git".into(), "--version".into()] },
            Reading::Present(Reply::Output { stdout: "git 2\n".into(), stderr: String::new() }),
        ),
        (
            Question::Run { argv: vec!["nix".into()] },
            Reading::Failed { code: Some(1), stderr: "error: no\n".into() },
        ),
        (Question::Run { argv: vec!["asdf".into()] }, Reading::Absent),
    ]
    .into();
    let recording = Recording::of("/p".into(), answers.clone());
    let yaml = recording.to_yaml().unwrap();
    let read = Recording::parse(&yaml, "x.yaml").unwrap();
    assert_eq!(read, recording, "{yaml}");
    assert_eq!(read.answers(), answers, "{yaml}");
}

#[test]
fn mistakes_are_told_with_their_place() {
    let error = |text: &str| Recording::parse(text, "m.yaml").unwrap_err().to_string();
    assert!(
        error("project: /p\nenv:\n  A: [1]\n").starts_with("m.yaml:3:6: "),
        "{}",
        error("project: /p\nenv:\n  A: [1]\n")
    );
    assert!(error("project: /p\nenvs: {}\n").starts_with("m.yaml:2:1: "));
    assert!(error("project: /p\nenvs: {}\n").contains("unknown field `envs`"));
    assert!(error("env: {}\n").contains("missing field `project`"));
    assert_eq!(
        error("project: /p\nports:\n  nowhere: open\n"),
        "m.yaml:3:1: ports: 'nowhere' is not host:port"
    );
    assert!(error("").contains("m.yaml:1:1"));
    assert!(error("a: [").starts_with("m.yaml:"));
}
