use super::*;
use crate::rules::Source;

fn read_text(text: &str) -> Result<Vec<Requirement>, String> {
    let mut reader = Reader::new(Source { name: "envdoctor.yaml".to_owned(), text: text.to_owned() });
    let root = reader.document().unwrap();
    let node = &reader.entries(&root)[0].1;
    let requirements = read(&mut reader, node, Owner::Project);
    match reader.problems.is_empty() {
        true => Ok(requirements),
        false => Err(crate::rules::Problems(reader.problems).to_string()),
    }
}

#[test]
fn every_form() {
    let text = r#"
require:
  elixir: "~> 1.17"
  erlang: 27
  git: any
  nodejs: {version: ">= 20", severity: warning, why: the assets are built with it}
  postgresql: {version: ">= 16", port: 5433}
  env: [DATABASE_URL, {name: MIX_ENV, matches: "^(dev|test)$"}, {name: FOO, absent: true}]
  files: [.env, {path: config/dev.secret.exs, contains: [a, b], mode: "0600", owner: me, type: file, size: {at_most: 10}}]
  commands: [jq, {name: old, absent: true}, {run: [jq, --version, ""], exit: 0, stdout: ["jq-1.7"], stderr: {empty: true}, timeout: 9}]
  ports: [5432, 127.0.0.1:6379, "tcp:22", {port: 4000, host: "::1", free: true}]
  http:
    - http://localhost:4000/health
    - url: https://example.com/x
      method: POST
      status: {any: [200, 204]}
      body: {json: {/status: ok}}
      headers: {Content-Type: json}
      send: {headers: {X-A: b}, body: "{}"}
      follow: true
      insecure: false
  services: [postgresql, {name: "postgresql@16", enabled: true}]
  processes: [beam.smp, {name: old, absent: true}]
  packages: [libssl-dev, {name: git, version: ">= 2.40"}]
  users: [me, {name: postgres, groups: [ssl-cert], uid: 100, gid: 1, home: /x, shell: /bin/sh}]
  groups: [docker, {name: video, gid: 44}]
  addresses: ["db.internal:5432", "tcp://[::1]:22", {address: "example.com:443", absent: true}]
  dns: [localhost, {name: app.test, addresses: {equals: [127.0.0.1]}}]
  mounts: [/, {path: /data, filesystem: ext4, options: [rw], source: /dev/sda1, used: {less_than: 90}}]
  sysctl: [{name: vm.max_map_count, at_least: 262144}]
  facts: [cpu.count, {name: gpu.count, at_least: 1}]
"#;
    let read = read_text(text).unwrap();
    assert_eq!(read.len(), 39);
    assert_eq!(read[3].why.as_deref(), Some("the assets are built with it"));
    assert_eq!(read[3].severity, Some(Severity::Warning));
    assert_eq!((read[0].place.line, read[0].place.column), (3, 3));
    assert_eq!((read[6].place.line, read[6].place.column), (8, 23));
    let kinds: std::collections::BTreeSet<_> = read.iter().map(|it| it.need.kind()).collect();
    assert_eq!(kinds.len(), crate::rules::RequirementKind::ALL.len() - 1, "{kinds:?}");
    let Need::Port { host, port, free } = &read[16].need else { panic!("{:?}", read[16]) };
    assert_eq!((host.as_deref(), *port, *free), (Some("::1"), 4000, true));
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_would_be_right() {
    for (line, told, help) in [
        ("elxir: 1.17", "2:3: `elxir` is neither", "did you mean `elixir`?"),
        ("comands: [jq]", "2:3: `comands` is neither", "did you mean `commands`?"),
        ("terraform: '1'", "2:3: `terraform` is neither", "{run: [terraform, --version], version: …}"),
        ("elixir: latest", "2:11: `latest` requires no version", "~> 1.17"),
        ("elixir: {vresion: '1'}", "2:12: unknown key `vresion`", "did you mean `version`?"),
        ("elixir: {port: 1}", "2:12: unknown key `port`", "known here: version"),
        ("env: DATABASE_URL", "2:8: this must be a list", "write [DATABASE_URL]"),
        ("env: {A: 1}", "2:8: this must be a list", "- name"),
        ("env: [MIX_ENV=dev]", "2:9: a variable's name holds no `=`", "{name: MIX_ENV, equals: dev}"),
        ("env: [{name: A, matches: '('}]", "2:28: this is no pattern", ""),
        (r"env: [{name: A, matches: '(\w{1000}){1000}'}]", "2:28: this is no pattern", ""),
        (
            "env: [{name: A, absent: true, equals: b}]",
            "2:9: what is not there cannot be anything",
            "leave out",
        ),
        (
            "users: [{name: a, absent: true, uid: 1, why: w}]",
            "2:11: what is not there cannot be anything",
            "leave out",
        ),
        ("env: [{name: A, json: {}}]", "2:25: this says nothing", "{/status: ok}"),
        ("env: [{matches: x}]", "2:9: `name` is missing", ""),
        ("env: [[A]]", "2:9: this must be text", ""),
        ("env: []", "2:8: this must be a list with something in it", ""),
        ("files: [{path: a, mode: '999'}]", "2:27: `999` is no mode", "\"0600\""),
        ("files: [{path: a, type: dir}]", "2:27: `dir` is no type of file", "one of: file"),
        ("files: [{path: a, sha256: abc}]", "2:29: a SHA-256 has 64", ""),
        ("files: [\"a\\0b\"]", "2:11: no name holds a NUL byte", ""),
        ("commands: ['jq --version']", "2:14: a program's name has no spaces", "{run: [jq, --version]}"),
        (
            "commands: [{run: jq --version}]",
            "2:20: this must be a list of the program",
            "write [jq, --version]",
        ),
        ("commands: [{run: [jq], timeout: 99999999999}]", "2:35: a timeout is 1 to 300 seconds", ""),
        ("commands: [{run: [jq], timeout: 0}]", "2:35: a timeout is 1 to 300 seconds", ""),
        ("commands: [{name: jq, stdout: x}]", "2:33: this is about a program that is run", "run: [jq, …]"),
        ("ports: [0]", "2:11: `0` is no TCP port", "1 to 65535"),
        ("ports: [65536]", "2:11: `65536` is no TCP port", "1 to 65535"),
        ("ports: [{port: -1}]", "2:18: `-1` is no TCP port", "1 to 65535"),
        ("ports: ['db.internal:5432']", "2:11: a port is one of this machine's", "addresses:"),
        ("http: [localhost:4000]", "2:10: `localhost:4000` is no address of a web server", "http://"),
        ("http: ['http://user:pw@host/']", "2:10:", "http://localhost:4000/health"),
        (
            "http: [{url: 'http://a/', body: {json: {status: ok}}}]",
            "2:43: a JSON Pointer begins with `/`",
            "write /status",
        ),
        ("http: [{url: 'http://a/', headers: {'a b': c}}]", "2:39: `a b` is no header", ""),
        ("services: [-x]", "2:14: `-x` is no name of a service", ""),
        ("packages: ['a;b']", "2:14: `a;b` is no name of a package", ""),
        ("addresses: [example.com]", "2:15: an address is a host and a port", "\"example.com:443\""),
        ("dns: ['a/b']", "2:9: `a/b` is no host", ""),
        ("mounts: [data]", "2:12: a mount is named by its absolute path", ""),
        ("sysctl: [vm.swappiness]", "2:12: this says not what it must be", "at_least: 1"),
        ("sysctl: [{name: ../../etc/passwd, equals: x}]", "2:19: `../../etc/passwd` is no name", ""),
        ("facts: [gpu.cuont]", "2:11: there is no fact `gpu.cuont`", "did you mean `gpu.count`?"),
        ("env: [{name: A, at_least: many}]", "2:29: `many` is no number", ""),
        ("env: [{name: A, severity: bad}]", "2:29: `bad` is no severity", "one of:"),
    ] {
        let why = read_text(&format!("require:\n  {line}\n")).unwrap_err();
        assert!(why.contains(&format!("envdoctor.yaml:{told}")), "{line}\n{told} is not in\n{why}");
        assert!(why.contains(help), "{line}\n{help} is not in\n{why}");
    }
}

#[test]
fn ten_thousand_requirements_are_read() {
    let text = format!(
        "require:\n  ports: [{}]\n",
        (1..=10_000).map(|port| port.to_string()).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(read_text(&text).unwrap().len(), 10_000);
}

proptest::proptest! {
    #[test]
    fn nothing_is_too_odd(
        section in r"env|files|commands|ports|http|services|packages|addresses|dns|mounts|sysctl|users|facts|elixir|postgresql",
        item in r#"([a-z0-9./:@~^ -]{0,8}|\{(name|path|port|url|run|address|version): [a-z0-9./:-]{0,6}\}|\[[a-z0-9]{0,3}\]|"\\0")"#,
    ) {
        let text = format!("require:\n  {section}: [{item}]\n");
        let mut reader = Reader::new(Source { name: "e".to_owned(), text });
        if let Some(root) = reader.document()
            && let Some((_, node)) = reader.entries(&root).first()
        {
            let _ = read(&mut reader, node, Owner::Project);
        }
    }
}
