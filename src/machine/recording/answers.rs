//! From answers to a recording, and back.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use jiff::Timestamp;

use super::{Answer, Bytes, Excerpt, Exchange, Port, Recording, Run, Unknown, port_question};
use crate::facts::Reading;
use crate::machine::{Question, Reply};

impl Recording {
    pub(super) fn put(&mut self, question: Question, reading: Reading<Reply>) {
        use Reading::{Absent, Present};
        match (question, reading) {
            (Question::Env(name), Present(Reply::Text(text))) => _ = self.env.insert(name, Some(text)),
            (Question::Env(name), Absent) => _ = self.env.insert(name, None),
            (Question::Which(name), Present(Reply::Path(path))) => _ = self.which.insert(name, Some(path)),
            (Question::Which(name), Absent) => _ = self.which.insert(name, None),
            (Question::Read(file) | Question::StartupFile(file), Present(Reply::Text(text))) => {
                _ = self.files.insert(file, Some(text))
            }
            (Question::Read(file) | Question::StartupFile(file), Absent) => _ = self.files.insert(file, None),
            (Question::ReadBytes { file, limit }, Present(Reply::Raw(bytes))) => {
                self.bytes.push(Bytes { file, limit, hex: Some(HEX.encode(&bytes)) });
            }
            (Question::ReadBytes { file, limit }, Absent) => {
                self.bytes.push(Bytes { file, limit, hex: None });
            }
            (Question::Excerpt { file, after, before }, Present(Reply::Text(text))) => {
                self.excerpts.push(Excerpt { file, after, before, text: Some(text) });
            }
            (Question::Excerpt { file, after, before }, Absent) => {
                self.excerpts.push(Excerpt { file, after, before, text: None });
            }
            (Question::List(folder), Present(Reply::Names(names))) => {
                _ = self.folders.insert(folder, Some(names));
            }
            (Question::List(folder), Absent) => _ = self.folders.insert(folder, None),
            (Question::Resolve(path), Present(Reply::Path(end))) => _ = self.links.insert(path, Some(end)),
            (Question::Resolve(path), Absent) => _ = self.links.insert(path, None),
            (Question::FileSystem(path), Present(Reply::FileSystem(system))) => {
                _ = self.file_systems.insert(path, Some(system));
            }
            (Question::FileSystem(path), Absent) => _ = self.file_systems.insert(path, None),
            (Question::Stat(path), Present(Reply::Stat(stat))) => _ = self.stats.insert(path, Some(stat)),
            (Question::Stat(path), Absent) => _ = self.stats.insert(path, None),
            (Question::Access(path), Present(Reply::Open)) => _ = self.access.insert(path, Some(true)),
            (Question::Access(path), Reading::Denied) => _ = self.access.insert(path, Some(false)),
            (Question::Access(path), Absent) => _ = self.access.insert(path, None),
            (Question::Tracked(path), Present(Reply::Names(names))) => {
                _ = self.tracked.insert(path, Some(names));
            }
            (Question::Tracked(path), Absent) => _ = self.tracked.insert(path, None),
            (Question::User, Present(Reply::User(user))) => self.user = Some(user),
            (Question::Group(name), Present(Reply::Names(names))) => {
                _ = self.groups.insert(name, Some(names));
            }
            (Question::Group(name), Absent) => _ = self.groups.insert(name, None),
            (Question::Clock, Present(Reply::Seconds(seconds))) => self.clock = timestamp(seconds),
            (Question::Variables(prefix), Present(Reply::Names(names))) => {
                _ = self.variables.insert(prefix, names);
            }
            (Question::Exchange { address, send, expect }, Present(Reply::Raw(reply))) => {
                let reply = Some(HEX.encode(&reply));
                self.exchanges.push(Exchange { address, send, expect, reply });
            }
            (Question::Exchange { address, send, expect }, Absent) => {
                self.exchanges.push(Exchange { address, send, expect, reply: None });
            }
            (Question::Http(url), Present(Reply::Response(response))) => {
                _ = self.http.insert(url, Some(response));
            }
            (Question::Http(url), Absent) => _ = self.http.insert(url, None),
            (Question::Listeners, Present(Reply::Listeners(all))) => self.listeners = Some(all),
            (Question::Host, Present(Reply::Host(host))) => self.host = Some(host),
            (Question::Connect { host, port }, Present(Reply::Open)) => {
                _ = self.ports.insert(format!("{host}:{port}"), Port::Open);
            }
            (Question::Connect { host, port }, Absent) => {
                _ = self.ports.insert(format!("{host}:{port}"), Port::Closed);
            }
            (Question::Run { argv }, Present(Reply::Output { stdout, stderr })) => {
                self.runs.push(Run { argv, stdout, stderr });
            }
            (question, Present(reply)) => self.answers.push(Answer { question, reply }),
            (question, reading) => self.unknown.push(Unknown { question, reading }),
        }
    }

    /// Every answer that the recording lists.
    pub(in crate::machine) fn answers(&self) -> BTreeMap<Question, Reading<Reply>> {
        let mut answers = BTreeMap::new();
        for (name, value) in &self.env {
            answers.insert(Question::Env(name.clone()), value.clone().map(Reply::Text).into());
        }
        for (name, path) in &self.which {
            answers.insert(Question::Which(name.clone()), path.clone().map(Reply::Path).into());
        }
        for (path, end) in &self.links {
            answers.insert(Question::Resolve(path.clone()), end.clone().map(Reply::Path).into());
        }
        for (folder, names) in &self.folders {
            answers.insert(Question::List(folder.clone()), names.clone().map(Reply::Names).into());
        }
        for (file, text) in &self.files {
            answers.insert(Question::Read(file.clone()), text.clone().map(Reply::Text).into());
        }
        for (path, may) in &self.access {
            let reading = match may {
                Some(true) => Reading::Present(Reply::Open),
                Some(false) => Reading::Denied,
                None => Reading::Absent,
            };
            answers.insert(Question::Access(path.clone()), reading);
        }
        for Bytes { file, limit, hex } in &self.bytes {
            let bytes = hex.as_ref().and_then(|hex| HEX.decode(hex.as_bytes()).ok());
            let question = Question::ReadBytes { file: file.clone(), limit: *limit };
            answers.insert(question, bytes.map(Reply::Raw).into());
        }
        for Excerpt { file, after, before, text } in &self.excerpts {
            let (after, before) = (after.clone(), before.clone());
            let question = Question::Excerpt { file: file.clone(), after, before };
            answers.insert(question, text.clone().map(Reply::Text).into());
        }
        for (path, system) in &self.file_systems {
            answers.insert(Question::FileSystem(path.clone()), system.map(Reply::FileSystem).into());
        }
        for (path, stat) in &self.stats {
            answers.insert(Question::Stat(path.clone()), stat.map(Reply::Stat).into());
        }
        for (folder, names) in &self.tracked {
            answers.insert(Question::Tracked(folder.clone()), names.clone().map(Reply::Names).into());
        }
        for (name, members) in &self.groups {
            answers.insert(Question::Group(name.clone()), members.clone().map(Reply::Names).into());
        }
        for (prefix, names) in &self.variables {
            let names = Reply::Names(names.clone());
            answers.insert(Question::Variables(prefix.clone()), Reading::Present(names));
        }
        for Exchange { address, send, expect, reply } in &self.exchanges {
            let question =
                Question::Exchange { address: address.clone(), send: send.clone(), expect: *expect };
            let bytes = reply.as_ref().and_then(|reply| HEX.decode(reply.as_bytes()).ok());
            answers.insert(question, bytes.map(Reply::Raw).into());
        }
        for (url, response) in &self.http {
            answers.insert(Question::Http(url.clone()), response.clone().map(Reply::Response).into());
        }
        let present = |question, reply: Option<Reply>| Some((question, Reading::Present(reply?)));
        let user = present(Question::User, self.user.clone().map(Reply::User));
        let clock = self.clock.and_then(|time| u64::try_from(time.as_second()).ok());
        let clock = present(Question::Clock, clock.map(Reply::Seconds));
        let listeners = present(Question::Listeners, self.listeners.clone().map(Reply::Listeners));
        answers.extend([user, clock, listeners].into_iter().flatten());
        for (name, port) in &self.ports {
            if let Some(question) = port_question(name) {
                answers.insert(question, (*port == Port::Open).then_some(Reply::Open).into());
            }
        }
        for Run { argv, stdout, stderr } in &self.runs {
            let output = Reply::Output { stdout: stdout.clone(), stderr: stderr.clone() };
            answers.insert(Question::Run { argv: argv.clone() }, Reading::Present(output));
        }
        if let Some(host) = &self.host {
            answers.insert(Question::Host, Reading::Present(Reply::Host(host.clone())));
        }
        for Answer { question, reply } in &self.answers {
            answers.insert(question.clone(), Reading::Present(reply.clone()));
        }
        for Unknown { question, reading } in &self.unknown {
            answers.insert(question.clone(), reading.clone());
        }
        answers
    }
}

fn timestamp(seconds: u64) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}
