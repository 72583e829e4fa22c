//! The address of a PostgreSQL server.

/// What an address such as `postgres://user:password@host:5432/database` says, without the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostgresUrl {
    /// The role.
    pub user: Option<String>,
    /// The host, or the folder of a socket.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The database.
    pub database: Option<String>,
}

/// Reads the address of a PostgreSQL server; `None` for that of anything else.
pub fn parse_postgres_url(url: &str) -> Option<PostgresUrl> {
    let (scheme, rest) = url.trim().split_once("://")?;
    if !matches!(scheme, "postgres" | "postgresql" | "ecto" | "psql") {
        return None;
    }
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, address) = match authority.rsplit_once('@') {
        Some((credentials, address)) => (credentials.split(':').next().unwrap_or_default(), address),
        None => ("", authority),
    };
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => address.split_once(':').map_or((address, None), |(host, port)| (host, Some(port))),
    };
    let from_query =
        query.split('&').filter_map(|setting| setting.split_once('=')).find(|(name, _)| *name == "host");
    let host = from_query.map_or_else(|| host.replace("%2F", "/"), |(_, folder)| folder.replace("%2F", "/"));
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(PostgresUrl {
        user: filled(user),
        host: filled(&host),
        port: port.and_then(|port| port.parse().ok()),
        database: filled(database),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let parts = |url: &str| {
            let url = parse_postgres_url(url).unwrap();
            let text = |part: Option<String>| part.unwrap_or_else(|| "-".to_owned());
            let port = url.port.map_or_else(|| "-".to_owned(), |port| port.to_string());
            [text(url.user), text(url.host), port, text(url.database)].join(" ")
        };
        assert_eq!(parts("postgres://me:s3cret@localhost:5433/app_dev"), "me localhost 5433 app_dev");
        assert_eq!(parts("ecto://me:a@b@db/app?ssl=true"), "me db - app");
        assert_eq!(parts("postgresql:///app?host=/run/postgresql"), "- /run/postgresql - app");
        assert_eq!(parts("postgresql://%2Ftmp/app"), "- /tmp - app");
        assert_eq!(parts("postgres://[::1]:1/"), "- ::1 1 -");
        assert_eq!(parts("postgres://"), "- - - -");
        assert_eq!(parse_postgres_url("mysql://localhost/x"), None);
        assert_eq!(parse_postgres_url("localhost"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_password_stays(user in "[a-z]{1,5}", password in "[a-z:]{3,8}[0-9]{3}", host in "[a-z]{1,9}") {
            let url = parse_postgres_url(&format!("postgres://{user}:{password}@{host}/db")).unwrap();
            let shown = format!("{url:?}");
            proptest::prop_assert!(!shown.contains(&password));
        }
    }
}
