//! The user, and groups of users.

use uzers::os::unix::{GroupExt, UserExt};

use super::super::{Account, Reply, User};
use crate::facts::Reading;

pub(super) fn user() -> Reading<Reply> {
    let uid = uzers::get_effective_uid();
    let user = uzers::get_user_by_uid(uid);
    // A container may run as a number that has no name.
    let name =
        user.as_ref().map_or_else(|| uid.to_string(), |user| user.name().to_string_lossy().into_owned());
    let groups = user.and_then(|user| uzers::get_user_groups(user.name(), user.primary_group_id()));
    let groups = groups.unwrap_or_default();
    let mut groups: Vec<String> =
        groups.iter().map(|group| group.name().to_string_lossy().into_owned()).collect();
    groups.sort();
    groups.dedup();
    Reading::Present(Reply::User(User { uid, name, groups }))
}

pub(super) fn group(name: &str) -> Reading<Reply> {
    if name.contains('\0') {
        return Reading::Absent;
    }
    uzers::get_group_by_name(name)
        .map(|group| {
            Reply::Names(group.members().iter().map(|it| it.to_string_lossy().into_owned()).collect())
        })
        .into()
}

/// A user by name; `me` is the one that envdoctor runs as, unless somebody has that name.
pub(super) fn account(name: &str) -> Reading<Reply> {
    if name.contains('\0') {
        return Reading::Absent;
    }
    let me = || uzers::get_user_by_uid(uzers::get_effective_uid()).filter(|_| name == "me");
    let account = uzers::get_user_by_name(name).or_else(me).map(|user| {
        let groups = uzers::get_user_groups(user.name(), user.primary_group_id()).unwrap_or_default();
        let mut groups: Vec<String> =
            groups.iter().map(|group| group.name().to_string_lossy().into_owned()).collect();
        groups.sort();
        groups.dedup();
        let (home, shell) = (user.home_dir().to_owned(), user.shell().to_owned());
        Reply::Account(Account { uid: user.uid(), gid: user.primary_group_id(), home, shell, groups })
    });
    account.into()
}

pub(super) fn group_number(name: &str) -> Reading<Reply> {
    if name.contains('\0') {
        return Reading::Absent;
    }
    uzers::get_group_by_name(name).map(|group| Reply::Number(group.gid().into())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_runs_this() {
        let Reading::Present(Reply::User(user)) = user() else { panic!("no answer") };
        assert!(!user.name.is_empty());
        assert_eq!(group("no-such-group"), Reading::Absent);
        assert_eq!(account("no-such-user"), Reading::Absent);
        assert_eq!(group_number("no\0group"), Reading::Absent);
        let Reading::Present(Reply::Account(root)) = account("root") else { panic!("no root") };
        assert_eq!((root.uid, root.gid), (0, 0));
        let Reading::Present(Reply::Account(me)) = account("me") else { panic!("no me") };
        assert_eq!(me.uid, user.uid);
    }
}
