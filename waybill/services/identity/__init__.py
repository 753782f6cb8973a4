"""Identity: accounts, signing in and staying in, access tokens, API keys."""

from waybill.services.identity.access import (
    AccessClaims,
    AccountState,
    AccountStates,
    load_account_state,
    read_access_token,
    refused_token,
)
from waybill.services.identity.accounts import (
    NewUser,
    User,
    UserChange,
    change_user,
    create_user,
    get_user,
    list_users,
)
from waybill.services.identity.api_keys import (
    KEY_MARK,
    ApiKey,
    NewApiKey,
    authenticate_api_key,
    create_api_key,
    list_api_keys,
    revoke_api_key,
)
from waybill.services.identity.own_password import begin_password_change, finish_password_change
from waybill.services.identity.passwords import hash_password
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.services.identity.sign_in import (
    Door,
    RefusedSignIn,
    SignedIn,
    SignIn,
    admitted,
    begin_sign_in,
    find_page_session,
    finish_sign_in,
    prove,
    refresh,
    sign_out,
)
from waybill.services.identity.throttle import count_report

__all__ = [
    "KEY_MARK",
    "AccessClaims",
    "AccountState",
    "AccountStates",
    "ApiKey",
    "Door",
    "NewApiKey",
    "NewUser",
    "Purpose",
    "RefusedSignIn",
    "SignIn",
    "SignedIn",
    "User",
    "UserChange",
    "admitted",
    "authenticate_api_key",
    "begin_password_change",
    "begin_sign_in",
    "change_user",
    "count_report",
    "create_api_key",
    "create_user",
    "derive_key",
    "find_page_session",
    "finish_password_change",
    "finish_sign_in",
    "get_user",
    "hash_password",
    "list_api_keys",
    "list_users",
    "load_account_state",
    "prove",
    "read_access_token",
    "refresh",
    "refused_token",
    "revoke_api_key",
    "sign_out",
]
