#include "datasets/importer/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace catchment::datasets {
namespace {

constexpr std::size_t kTextRows = 20;

nlohmann::ordered_json table_json(const TableReport& table) {
  return {{"table", table.table},
          {"read", table.read},
          {"passed", table.passed},
          {"refused", table.refused},
          {"added", table.added},
          {"changed", table.changed},
          {"removed", table.removed},
          {"unchanged", table.unchanged},
          {"added_ids", table.added_ids},
          {"changed_ids", table.changed_ids},
          {"removed_ids", table.removed_ids}};
}

void append_ids(std::string& out, const char* what, const std::vector<std::string>& ids, std::int64_t total) {
  if (ids.empty()) return;
  out.append("    ").append(what).append(":");
  const std::size_t shown = std::min<std::size_t>(ids.size(), 8);
  for (std::size_t i = 0; i < shown; ++i) out.append(" ").append(ids[i]);
  if (static_cast<std::int64_t>(shown) < total) out.append(" ...");
  out.append("\n");
}

}  // namespace

std::string to_json(const ImportReport& report) {
  nlohmann::ordered_json json{{"package", report.package}, {"file", report.file},
                              {"source", report.source},   {"sha256", report.sha256},
                              {"crs", report.crs},         {"crs_check", report.crs_check},
                              {"dry_run", report.dry_run}, {"cancelled", report.cancelled}};
  json["tables"] = nlohmann::ordered_json::array();
  for (const TableReport& table : report.tables) json["tables"].push_back(table_json(table));
  json["refused_total"] = report.refused_total;
  json["refused"] = nlohmann::ordered_json::array();
  for (const RefusedRow& row : report.refused) {
    json["refused"].push_back({{"layer", row.layer},
                               {"row", row.row},
                               {"fid", row.fid},
                               {"table", row.table},
                               {"field", row.field},
                               {"code", row.code},
                               {"reason", row.reason}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_text(const ImportReport& report) {
  std::string out = report.file + " -> " + report.package + " as source \"" + report.source + "\"";
  out.append(report.crs.empty() ? "\n" : ", " + report.crs + "\n");
  if (!report.crs_check.empty()) out.append("  ").append(report.crs_check).append("\n");
  for (const TableReport& table : report.tables) {
    out.append("  ").append(table.table).append(": ").append(std::to_string(table.read)).append(" read");
    const auto count = [&](std::int64_t value, const char* word) {
      if (value != 0) out.append(", ").append(std::to_string(value)).append(" ").append(word);
    };
    count(table.passed, "passed over");
    count(table.refused, "refused");
    count(table.added, "added");
    count(table.changed, "changed");
    count(table.removed, "removed");
    count(table.unchanged, "unchanged");
    out.append("\n");
    append_ids(out, "changed", table.changed_ids, table.changed);
    append_ids(out, "removed", table.removed_ids, table.removed);
  }
  const std::size_t shown = std::min(report.refused.size(), kTextRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const RefusedRow& row = report.refused[i];
    out.append("  refused ").append(row.layer).append(" row ").append(std::to_string(row.row));
    out.append(" (fid ").append(std::to_string(row.fid)).append(") for ").append(row.table);
    if (!row.field.empty()) out.append(", ").append(row.field);
    out.append(": ").append(row.reason).append(" [").append(row.code).append("]\n");
  }
  const std::int64_t hidden = report.refused_total - static_cast<std::int64_t>(shown);
  if (hidden > 0) out.append("  and ").append(std::to_string(hidden)).append(" more refused (--json lists them)\n");
  if (report.dry_run) out.append("  dry run: nothing was written\n");
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

}  // namespace catchment::datasets
