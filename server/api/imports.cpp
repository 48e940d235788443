// Files that an office uploads: what each would change in the city, before anybody has it changed.
#include <array>
#include <nlohmann/json.hpp>

#include "engine/admission/lottery/hash_suite.hpp"
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

}  // namespace

http::Response post_import(const Call& call) {
  const Parameters parameters(call.request.query, {"mapping", "crs", "source", "set"});
  require(call, actor_of(call), {});
  if (call.service->imports == nullptr)
    throw Refused(404, "imports_off", "This service takes no uploads: it was started without mappings.");
  imports::Upload upload;
  upload.format = format_of(call);
  upload.bytes = call.request.body;
  upload.mapping = parameters.get("mapping"), upload.source = parameters.get("source");
  if (const std::string* crs = parameters.find("crs")) upload.crs = *crs;
  upload.variables = read_variables(parameters);
  if (upload.bytes.empty()) throw InputError("body_empty", "body", "there is no file in it");
  const imports::ImportAnswer answer = call.service->imports->look_into(upload);
  const auto digest = engine::admission::hash(engine::admission::Suite::sha256, upload.bytes);
  ordered_json out{{"source", upload.source}, {"sha256", engine::admission::to_hex(digest)}, {"crs", answer.crs}};
  if (!answer.crs_check.empty()) out["crs_check"] = answer.crs_check;
  out["tables"] = ordered_json::array();
  for (const auto& table : answer.tables) out["tables"].push_back(changes_json(table));
  out["findings_total"] = answer.findings_total;
  out["findings"] = ordered_json::array();
  for (const auto& finding : answer.findings) out["findings"].push_back(finding_json(finding));
  return json_answer(200, out);
}

}  // namespace catchment::api
