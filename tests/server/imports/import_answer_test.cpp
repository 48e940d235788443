#include "server/imports/import_answer.hpp"

#include <gtest/gtest.h>

#include "geo/input_error.hpp"

namespace catchment::imports {
namespace {

constexpr const char* kTable =
    R"({"table":"zone","read":3,"passed":0,"refused":1,"added":1,"changed":1,"removed":0,"unchanged":0,)"
    R"("added_ids":["a/b"],"changed_ids":["c"],"removed_ids":[]})";
constexpr const char* kRow =
    R"({"layer":"zones","row":2,"fid":1,"table":"zone","field":"geometry","code":"geometry_missing","reason":"none"})";

std::string report_of(const std::string& tables, const std::string& rows, const std::string& more = "") {
  return R"({"package":"p","file":"f","source":"s","sha256":"","crs":"EPSG:4490","crs_check":"","dry_run":true,)"
         R"("cancelled":false,"tables":[)" +
         tables + R"(],"refused_total":1,"refused":[)" + rows + "]" + more + "}";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(ImportAnswer, IsReadAsTheImporterSaysIt) {
  const ImportAnswer answer = read_import_answer(report_of(kTable, kRow));
  ASSERT_EQ(answer.tables.size(), 1u);
  EXPECT_EQ(answer.tables[0].table, "zone");
  EXPECT_EQ(answer.tables[0].changed, 1);
  EXPECT_EQ(answer.tables[0].added_ids, std::vector<std::string>{"a/b"});
  ASSERT_EQ(answer.findings.size(), 1u);
  EXPECT_EQ(answer.findings[0].row, 2);
  EXPECT_EQ(answer.findings[0].code, "geometry_missing");
  EXPECT_EQ(answer.findings_total, 1);
  const ImportRefusal refusal = read_import_refusal(R"({"code":"source_damaged","where":"f","message":"cut short"})");
  EXPECT_EQ(refusal.code, "source_damaged");
}

TEST(ImportAnswer, IsBelievedNoMoreThanAStranger) {
  const std::string table = kTable, row = kRow;
  std::string rows = row, ids = "\"1\"";
  for (int i = 0; i < kFindingsListed; ++i) rows += "," + row;
  for (int i = 0; i < kIdsListed; ++i) ids += ",\"1\"";
  const std::vector<std::string> wrong{
      "",
      "{}",
      "[]",
      "null",
      report_of(table, row) + "x",
      report_of(table, row, R"(,"html":"<script>")"),
      report_of(replaced(table, "\"read\":3", "\"read\":-1"), row),
      report_of(replaced(table, "\"read\":3", "\"read\":\"3\""), row),
      report_of(replaced(table, "\"read\":3", "\"read\":18446744073709551615"), row),
      report_of(replaced(table, "\"zone\"", "\"sqlite_schema\""), row),
      report_of(replaced(table, "[\"c\"]", "[1]"), row),
      report_of(replaced(table, "[\"c\"]", "[" + ids + "]"), row),
      report_of(replaced(table, "\"a/b\"", "\"" + std::string(3000, 'a') + "\""), row),
      report_of(table, replaced(row, "geometry_missing", "Geometry Missing")),
      report_of(table, replaced(row, "\"row\":2", "\"row\":2.5")),
      report_of(table, replaced(row, ",\"reason\":\"none\"", "")),
      report_of(table, rows),
  };
  for (const std::string& text : wrong) EXPECT_THROW(read_import_answer(text), InputError) << text.substr(0, 300);
  for (const char* text : {R"({"code":"x y","where":"","message":""})", R"({"code":"a","where":""})", "{}", "1"})
    EXPECT_THROW(read_import_refusal(text), InputError) << text;
}

}  // namespace
}  // namespace catchment::imports
