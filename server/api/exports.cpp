// A season as files: its tables, cut to what a role may see of whom, and its whole state as one text.
#include "datasets/season_export.hpp"

#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/api/resources.hpp"
#include "server/api/season_view.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using nlohmann::ordered_json;

http::Response file_answer(std::string_view type, std::string body) {
  http::Response response;
  response.content_type = type;
  response.etag = http::make_etag(body);
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// What was asked for, if it may be: of a district, of a school, of all.
datasets::ExportCut allowed_cut(const Call& call, const Actor& actor) {
  const Parameters parameters(call.request.query, {"district", "school", "case"});
  const access::Object object = rows_wanted(actor, parameters);
  require(call, actor, object);
  return {std::string(access::to_word(actor.role)), object.district, object.school};
}

}  // namespace

http::Response get_exports(const Call& call) {
  const datasets::ExportCut cut = allowed_cut(call, actor_of(call));
  ordered_json files = ordered_json::array();
  for (const datasets::ExportTable& table : datasets::export_tables(cut.role))
    files.push_back({{"file", table.file}, {"columns", table.columns}, {"about_people", table.about_people}});
  return json_answer(200, {{"files", std::move(files)}});
}

http::Response get_export(const Call& call) {
  const Actor actor = actor_of(call);
  const datasets::ExportCut cut = allowed_cut(call, actor);
  const std::string& file = call.captured[0];
  const auto given = datasets::export_tables(cut.role);
  if (std::ranges::none_of(given, [&](const datasets::ExportTable& table) { return table.file == file; }))
    throw InputError("export_unknown", file, "there is no such file for you");
  std::string text = datasets::export_table(season_tables(call), file, cut);
  call.service->store.write([&](Session& session) { note(call, session, actor, file); });
  return file_answer("text/csv; charset=utf-8", std::move(text));
}

http::Response get_season_state(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const Actor actor = actor_of(call);
  require(call, actor, {});
  Service& s = *call.service;
  return file_answer("text/plain; charset=utf-8", s.store.write([&](Session& session) {
    s.desk.begin(session);
    return s.desk.state_text(call.captured[0]);
  }));
}

}  // namespace catchment::api
