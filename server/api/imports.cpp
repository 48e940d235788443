// Files that an office uploads: what each would change in the city, and the package so changed once that is confirmed.
#include <array>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"
#include "server/imports/import_desk.hpp"

namespace catchment::api {
namespace {

using desk::Refused;
using imports::UploadFormat;
using nlohmann::ordered_json;

constexpr std::array<std::pair<std::string_view, UploadFormat>, 4> kUploadTypes{
    {{"application/geo+json", UploadFormat::geojson},
     {"application/geopackage+sqlite3", UploadFormat::geopackage},
     {"application/zip", UploadFormat::zip},
     {"text/csv", UploadFormat::csv}}};

UploadFormat format_of(const Call& call) {
  const std::string_view sent = call.request.header(http::Header::content_type);
  for (const auto& [type, format] : kUploadTypes) {
    if (sent == type || sent.starts_with(std::string(type) + ";")) return format;
  }
  throw Refused(415, "content_type", "Send GeoJSON, a GeoPackage, a zipped shapefile or CSV, with its type.", "",
                "Content-Type");
}

// set=year=2026,stage=primary
std::map<std::string, std::string> read_variables(const Parameters& parameters) {
  std::map<std::string, std::string> out;
  const std::string* set = parameters.find("set");
  for (std::string_view rest = set == nullptr ? std::string_view() : *set; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos) throw InputError("parameter_invalid", "set", "must be NAME=VALUE,...");
    out[std::string(one.substr(0, equals))] = one.substr(equals + 1);
  }
  return out;
}

ordered_json changes_json(const imports::TableChanges& t) {
  return {{"table", t.table},
          {"read", t.read},
          {"passed", t.passed},
          {"refused", t.refused},
          {"added", t.added},
          {"changed", t.changed},
          {"removed", t.removed},
          {"unchanged", t.unchanged},
          {"added_ids", t.added_ids},
          {"changed_ids", t.changed_ids},
          {"removed_ids", t.removed_ids}};
}

ordered_json finding_json(const imports::ImportFinding& f) {
  ordered_json out{{"layer", f.layer}, {"row", f.row}, {"table", f.table}};
  if (!f.field.empty()) out["field"] = f.field;
  out["code"] = f.code, out["reason"] = f.reason;
  return out;
}

imports::ImportDesk& desk_of(const Call& call) {
  if (call.service->imports == nullptr)
    throw Refused(404, "imports_off", "This service takes no uploads: it was started without mappings.");
  return *call.service->imports;
}

imports::Upload upload_of(const Call& call, const Parameters& parameters) {
  imports::Upload upload;
  upload.format = format_of(call);
  upload.bytes = call.request.body;
  upload.mapping = parameters.get("mapping"), upload.source = parameters.get("source");
  if (const std::string* crs = parameters.find("crs")) upload.crs = *crs;
  upload.variables = read_variables(parameters);
  if (upload.bytes.empty()) throw InputError("body_empty", "body", "there is no file in it");
  return upload;
}

ordered_json looked_json(const imports::LookedInto& looked, const std::string& source) {
  const imports::ImportAnswer& answer = looked.answer;
  ordered_json out{{"source", source}, {"sha256", looked.file_sha256}, {"digest", looked.digest}, {"crs", answer.crs}};
  if (!answer.crs_check.empty()) out["crs_check"] = answer.crs_check;
  out["tables"] = ordered_json::array();
  for (const auto& table : answer.tables) out["tables"].push_back(changes_json(table));
  out["findings_total"] = answer.findings_total;
  out["findings"] = ordered_json::array();
  for (const auto& finding : answer.findings) out["findings"].push_back(finding_json(finding));
  return out;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

http::Response get_mappings(const Call& call) {
  const Parameters none(call.request.query, {});
  require(call, actor_of(call), {});
  ordered_json list = ordered_json::array();
  for (const auto& mapping : desk_of(call).mappings())
    list.push_back({{"name", mapping.name},
                    {"description", mapping.description},
                    {"tables", mapping.tables},
                    {"variables", mapping.variables},
                    {"has_positions", mapping.has_positions}});
  return json_answer(200, {{"mappings", std::move(list)}});
}

http::Response post_import(const Call& call) {
  const Parameters parameters(call.request.query, {"mapping", "crs", "source", "set"});
  require(call, actor_of(call), {});
  imports::ImportDesk& desk = desk_of(call);
  const imports::Upload upload = upload_of(call, parameters);
  return json_answer(200, looked_json(desk.look_into(upload), upload.source));
}

// The file is durable before the journal says who confirmed it: the same request again finds it and says so.
http::Response put_import(const Call& call) {
  const Parameters parameters(call.request.query, {"mapping", "crs", "source", "set"});
  const access::Actor actor = actor_of(call);
  require(call, actor, {});
  imports::ImportDesk& desk = desk_of(call);
  const std::string& digest = call.captured[0];
  if (!is_digest(digest))
    throw InputError("parameter_invalid", "digest", "must be the 64 digits of a look into a file");
  const imports::Upload upload = upload_of(call, parameters);
  const imports::NewPackage made = desk.confirm(upload, digest);
  call.service->store.write(
      [&](Session& session) { note(call, session, actor, digest, R"({"package":")" + made.sha256 + "\"}"); });
  ordered_json out = looked_json(made.looked, upload.source);
  out["package"] = {{"file", made.file}, {"sha256", made.sha256}, {"bytes", made.bytes}, {"served", false}};
  return json_answer(made.made ? 201 : 200, out);
}

}  // namespace catchment::api
