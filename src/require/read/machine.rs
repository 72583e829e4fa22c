//! Reading requirements of the machine: ports, services, packages, users, names.

use super::{List, Read, matcher};
use crate::matching::Matcher;
use crate::require::format::{ADDRESSES, DNS, GROUPS, PACKAGES, PORTS, PROCESSES, SERVICES, SYSCTL, USERS};
use crate::require::{Need, UserNeed};
use crate::rules::Node;

impl List<'_> {
    /// `5432`, `127.0.0.1:5432` or a map.
    pub(super) fn port<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (text, fields) = self.named(node, &PORTS)?;
        let at = Self::at(node, fields.as_ref(), "port");
        let (host, port) = match text.rsplit_once(':') {
            Some(("tcp" | "tcp6", port)) => (None, self.parsed_port(at, port)?),
            Some((host, port)) => (Some(plain_host(host)), self.parsed_port(at, port)?),
            None => (None, self.parsed_port(at, &text)?),
        };
        let named = fields.as_ref().and_then(|fields| fields.get("host"));
        let host = match named {
            Some(node) => Some(self.host(node)?),
            None => host,
        };
        if let Some(host) = &host
            && !crate::machine::is_loopback(host)
            && host.parse::<std::net::IpAddr>().is_err()
        {
            let help = format!("`addresses: [\"{host}:{port}\"]` is for other machines");
            self.reader.problem(at.span.clone(), "a port is one of this machine's", Some(help));
            return None;
        }
        let free = self.flag(fields.as_ref(), "free");
        Some((Need::Port { host, port, free }, fields))
    }

    pub(super) fn port_number(&mut self, node: &Node) -> Option<u16> {
        let text = self.reader.text(node)?;
        self.parsed_port(node, &text)
    }

    fn parsed_port(&mut self, node: &Node, text: &str) -> Option<u16> {
        let port = text.parse::<u16>().ok().filter(|port| *port != 0);
        if port.is_none() {
            let help = "1 to 65535".to_owned();
            self.reader.problem(node.span.clone(), format!("`{text}` is no TCP port"), Some(help));
        }
        port
    }

    pub(super) fn host(&mut self, node: &Node) -> Option<String> {
        let text = self.word(node)?;
        let host = plain_host(&text);
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
        if host.is_empty() || !host.chars().all(fits) || host.starts_with('-') {
            let help = "a name or an address, such as localhost or ::1".to_owned();
            self.reader.problem(node.span.clone(), format!("`{text}` is no host"), Some(help));
            return None;
        }
        Some(host)
    }

    /// `db.internal:5432` or a map.
    pub(super) fn address<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (text, fields) = self.named(node, &ADDRESSES)?;
        let at = Self::at(node, fields.as_ref(), "address");
        let text = text.strip_prefix("tcp://").unwrap_or(&text);
        let Some((host, port)) = text.rsplit_once(':') else {
            let help = format!("such as \"{text}:443\"");
            self.reader.problem(at.span.clone(), "an address is a host and a port", Some(help));
            return None;
        };
        let port = self.parsed_port(at, port)?;
        let host = plain_host(host);
        if host.is_empty() || host.contains(['/', ' ', '@']) {
            self.reader.problem(at.span.clone(), format!("`{host}` is no host"), None);
            return None;
        }
        let absent = self.flag(fields.as_ref(), "absent");
        Some((Need::Address { host, port, absent }, fields))
    }

    pub(super) fn host_name<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &DNS)?;
        let at = Self::at(node, fields.as_ref(), "name");
        self.host(at)?;
        let addresses = self.value(fields.as_ref(), "addresses");
        let absent = self.flag(fields.as_ref(), "absent");
        Some((Need::Name { name, addresses, absent }, fields))
    }

    pub(super) fn service<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &SERVICES)?;
        self.plain(Self::at(node, fields.as_ref(), "name"), &name, "service")?;
        let enabled = fields.as_ref().and_then(|fields| fields.get("enabled"));
        let enabled = enabled.and_then(|node| self.reader.boolean(node));
        let absent = self.flag(fields.as_ref(), "absent");
        Some((Need::Service { name, enabled, absent }, fields))
    }

    pub(super) fn process<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &PROCESSES)?;
        let absent = self.flag(fields.as_ref(), "absent");
        Some((Need::Process { name, absent }, fields))
    }

    pub(super) fn package<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &PACKAGES)?;
        self.plain(Self::at(node, fields.as_ref(), "name"), &name, "package")?;
        let version = fields.as_ref().and_then(|fields| fields.get("version"));
        let version = version.and_then(|node| match node.kind {
            crate::rules::Kind::Scalar { .. } => matcher::version(self.reader, node).map(Matcher::Satisfies),
            _ => matcher::value(self.reader, node),
        });
        let absent = self.flag(fields.as_ref(), "absent");
        Some((Need::Package { name, version, absent }, fields))
    }

    /// A name that a program of the system may be given as an argument.
    fn plain(&mut self, node: &Node, name: &str, what: &str) -> Option<()> {
        let fits =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '@' | ':' | '/');
        if name.starts_with(['-', '.', '/']) || !name.chars().all(fits) || name.contains("..") {
            self.reader.problem(node.span.clone(), format!("`{name}` is no name of a {what}"), None);
            return None;
        }
        Some(())
    }

    pub(super) fn user<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &USERS)?;
        let said = fields.as_ref();
        let user = UserNeed {
            name,
            absent: self.flag(said, "absent"),
            uid: self.value(said, "uid"),
            gid: self.value(said, "gid"),
            home: self.value(said, "home"),
            shell: self.value(said, "shell"),
            groups: self.value(said, "groups"),
        };
        Some((Need::User(user), fields))
    }

    pub(super) fn group<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &GROUPS)?;
        let (gid, absent) = (self.value(fields.as_ref(), "gid"), self.flag(fields.as_ref(), "absent"));
        Some((Need::Group { name, gid, absent }, fields))
    }

    pub(super) fn sysctl<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &SYSCTL)?;
        self.plain(Self::at(node, fields.as_ref(), "name"), &name, "kernel setting")?;
        match fields.as_ref().and_then(|fields| matcher::inline(self.reader, fields)) {
            Some(wanted) => Some((Need::Sysctl { name, wanted }, fields)),
            None => {
                let help = format!("such as {{name: {name}, at_least: 1}}");
                self.reader.problem(node.span.clone(), "this says not what it must be", Some(help));
                None
            }
        }
    }
}

/// A host without the brackets that an address of IPv6 stands in.
fn plain_host(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}
