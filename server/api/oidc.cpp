// Staff sign in at the bureau's identity provider (server/access/oidc.hpp).
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/access/oidc.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using desk::Refused;
using nlohmann::ordered_json;

constexpr const char* kDeskPage = "/#/desk";

access::OidcClient& oidc_of(const Call& call) {
  if (call.service->oidc == nullptr) throw Refused(404, "no_oidc", "Staff of this service sign in with a password.");
  return *call.service->oidc;
}

// What an identity provider adds of its own (session_state) is nobody's business here.
std::string returned(const Call& call, std::string_view name) {
  std::string value;
  for (const auto& [key, text] : call.request.query) {
    if (key != name) continue;
    if (!value.empty()) throw InputError("parameter_twice", key, "is given twice");
    value = text;
  }
  return value;
}

// A page that goes on by itself: a redirection would still be on the way that began at the issuer, on which a browser
// sends no SameSite=Strict cookie. In the words of both languages, because nobody has said yet which he reads.
http::Response going_on(int status, const std::string& words, bool by_itself) {
  http::Response page;
  page.status = status, page.content_type = "text/html; charset=utf-8";
  page.body =
      "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">";
  if (by_itself) page.body.append("<meta http-equiv=\"refresh\" content=\"0;url=").append(kDeskPage).append("\">");
  page.body.append("<title>Catchment</title><p>").append(words).append("</p><p><a href=\"").append(kDeskPage);
  page.body.append("\">继续 · Continue</a></p></html>\n");
  page.headers.emplace_back("Cache-Control", "no-store");
  return page;
}

http::Response not_signed_in(const InputError& error) {
  const bool away = error.code == "oidc_unreachable" || error.code == "oidc_metadata";
  return going_on(away ? 502 : 403,
                  "登录未完成，请重新开始。 You were not signed in; please begin again. [" + error.code + "]", false);
}

}  // namespace

http::Response get_oidc(const Call& call) {
  const Parameters none(call.request.query, {});
  access::OidcClient& oidc = oidc_of(call);
  access::OidcBegin begin;
  try {
    begin = oidc.begin();
  } catch (const InputError& error) {
    return not_signed_in(error);
  }
  http::Response response;
  response.status = 303;
  response.headers = {{"Location", begin.url}, {"Set-Cookie", begin.set_cookie}, {"Cache-Control", "no-store"}};
  return response;
}

http::Response get_oidc_return(const Call& call) {
  access::OidcClient& oidc = oidc_of(call);
  const std::string_view cookies = call.request.header(http::Header::cookie);
  http::Response page;
  try {
    const access::OidcPerson person = oidc.finish(
        {returned(call, "code"), returned(call, "state"), returned(call, "iss"), returned(call, "error")}, cookies);
    const access::Login login =
        call.service->accounts.login_as(person.issuer, person.subject, person.second_factor, cookies);
    page = login.session ? going_on(200, "已登录。Signed in.", true)
                         : going_on(403,
                                    "您的身份尚未与本系统的工作账号关联，请联系管理员。 You are known to the identity "
                                    "provider, but no work "
                                    "account here is linked to you: ask the operator.",
                                    false);
    if (login.session) page.headers.emplace_back("Set-Cookie", login.session->set_cookie);
  } catch (const InputError& error) {
    page = not_signed_in(error);
  }
  page.headers.emplace_back("Set-Cookie", access::OidcClient::clear_cookie());
  return page;
}

http::Response put_identity(const Call& call) {
  const auto number = find_count(call.captured[0], 1'000'000'000);
  const ordered_json body = read_body(call, {"subject"});
  const std::string subject = body_text(body, "subject");
  return run_command(call, [&](Session& session, const Actor& actor) {
    require_one_of_two(call, actor, {});  // before anything is said of whether there is one
    const std::string issuer = oidc_of(call).issuer();
    const auto found = number ? call.service->accounts.find(session, *number) : std::nullopt;
    if (!found) throw Refused(404, "not_found", "There is nothing here.");
    const std::string account = access::subject_of(*found);
    return run_with_two(call, session, actor, {.owners = {account}}, account, [&] {
      call.service->accounts.link_identity(session, *number, issuer, subject);
      note(call, session, actor, account);
      ordered_json done;
      done["linked"] = true;
      return json_answer(200, done);
    });
  });
}

}  // namespace catchment::api
