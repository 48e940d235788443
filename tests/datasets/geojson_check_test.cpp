// Hostile files are refused where they stand, in memory that does not grow.
#include "datasets/importer/geojson_check.hpp"

#include <gtest/gtest.h>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using namespace std::string_literals;

// "" if it is taken, else the code and, if it says more than the file's name, where.
std::string checked(std::string_view text, std::size_t piece = std::string_view::npos) {
  try {
    GeoJsonCheck check("f");
    for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at))
      check.read(text.substr(at, piece));
    check.end();
    return "";
  } catch (const InputError& error) {
    return error.code + (error.where == "f" ? "" : " " + error.where);
  }
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string zone(const std::string& ring) {
  return R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[)" +
         ring + "]]}}]}";
}

TEST(GeoJsonCheck, TakesWhatIsSoundInAnyPieces) {
  const std::string sound[] = {
      zone("[110.5,33.5],[110.6,33.5],[110.6,33.6],[110.5,33.5]"),
      "\xEF\xBB\xBF {\"type\":\"Point\",\"coordinates\":[1e2,-0.5E-3,0]}\n",
      "\x1E{\"a\":null}\n\x1E{\"a\":[true,false]}\n",
      "{\"a\":1}\n{\"a\":2}\n",
      R"({"a":"\u5b66\ud83c\udfeb\"\\\/\b\n","学校":"槐荫街","b":{},"c":[]})",
  };
  for (const std::string& text : sound) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{3}})
      EXPECT_EQ(checked(text, piece), "") << text;
  }
}

TEST(GeoJsonCheck, TellsWhetherTheOutermostObjectNamesAReferenceSystem) {
  const auto has_crs = [](std::string_view text) {
    GeoJsonCheck check("f");
    check.read(text);
    return check.end().has_crs;
  };
  EXPECT_TRUE(has_crs(R"({"type":"FeatureCollection","crs":{},"features":[]})"));
  EXPECT_TRUE(has_crs(R"({"\u0063rs":{}})"));
  EXPECT_FALSE(has_crs(R"({"features":[{"crs":1}],"a":"crs"})"));
}

TEST(GeoJsonCheck, RefusesWhatIsNoJson) {
  for (const char* text : {"{\"a\":}", "{\"a\" 1}", "{a:1}", "{\"a\":1,}", "[1,]", "[1 2]", "{\"a\":01}", "{\"a\":1.}",
                           "{\"a\":+1}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":-Infinity}", "{\"a\":nul}", "{]",
                           "}", "\"\\x\"", "\"\t\"", "{\"a\":'b'}", " "}) {
    EXPECT_EQ(checked(text), "geojson_syntax") << text;
  }
  for (const char* text : {"{\"a\":1", "[[", "{\"a\":\"b", "{\"a\"", "{\"a\":\"\\"})
    EXPECT_EQ(checked(text), "source_damaged") << text;
}

TEST(GeoJsonCheck, RefusesAMemberThatStandsTwiceHoweverItIsWritten) {
  EXPECT_EQ(checked(R"({"type":1,"type":2})"), "geojson_member");
  EXPECT_EQ(checked(R"({"type":1,"\u0074ype":2})"), "geojson_member");
  EXPECT_EQ(checked(R"({"学":1,"\u5b66":2})"), "geojson_member");
  EXPECT_EQ(checked(R"([{"a":1},{"a":2}])"), "");
  std::string many = "{";
  for (int i = 0; i < 300; ++i) many += "\"" + std::to_string(i) + "\":0,";
  EXPECT_EQ(checked(many), "geojson_member");
}

TEST(GeoJsonCheck, RefusesWhatIsNoUtf8) {
  for (const std::string& bytes :
       {"\xC0\x80"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\xE5\xAD"s, "\x80"s, "\xFF"s, "\xB0\xA1"s}) {
    EXPECT_EQ(checked("{\"a\":\"" + bytes + "\"}"), "geojson_utf8");
  }
  for (const char* text :
       {R"(["\ud83c"])", R"(["\udfeb"])", R"(["\ud83cx"])", R"(["\ud83c\n"])", R"(["\ud83c\u0041"])"})
    EXPECT_EQ(checked(text), "geojson_utf8") << text;
  EXPECT_EQ(checked("\xEF\xBB{}"), "geojson_syntax");
}

TEST(GeoJsonCheck, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_EQ(checked(zone("[1e999,0]")), "geojson_number f: feature 1, vertex 1");
  EXPECT_EQ(checked(zone("[0,0],[0,-1e99999999999999999999]")), "geojson_number f: feature 1, vertex 2");
  EXPECT_EQ(checked(zone("[" + std::string(100, '1') + ",0]")), "geojson_number f: feature 1, vertex 1");
  EXPECT_EQ(checked(zone("[1e-999,0]")), "");
}

TEST(GeoJsonCheck, RefusesDepthAtItsFirstBracketTooMany) {
  EXPECT_EQ(checked(repeated("[", 1'000'000)), "geojson_depth");
  EXPECT_EQ(checked(repeated("{\"a\":", 1'000'000)), "geojson_depth");
  EXPECT_EQ(checked(repeated(R"({"type":"GeometryCollection","geometries":[)", 2'000)), "geojson_depth");
  EXPECT_EQ(checked(repeated("[", 16) + repeated("]", 16)), "");
}

// Ten million vertices are refused after two, in pieces that are never kept.
TEST(GeoJsonCheck, RefusesManyVerticesWhenTheLimitIsCrossed) {
  const std::string head = zone("").substr(0, zone("").find("]]}}"));
  EXPECT_EQ(checked(head + repeated("[110.1234567,33.1234567],", 250'000)),
            "geojson_vertices f: feature 1, vertex 200001");
  GeoJsonCheck check("f");
  const std::string feature =
      R"({"geometry":{"type":"Polygon","coordinates":[[)" + repeated("[110.1234567,33.1234567],", 9'999) + "[1,2]]]}},";
  check.read(R"({"features":[)");
  int read = 0;
  try {
    for (; read < 1'000; ++read) check.read(feature);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code + " " + error.where, "geojson_vertices f: feature 201, vertex 1");
  }
  EXPECT_EQ(read, 200);
}

TEST(GeoJsonCheck, RefusesWhatOneFeatureMayNotHold) {
  EXPECT_EQ(checked(zone("[0,0,0,0,0]")), "geojson_vertex f: feature 1, vertex 1");
  EXPECT_EQ(checked("{\"a\":\"" + std::string(70'000, 'x') + "\"}"), "geojson_text");
  EXPECT_EQ(checked("{\"" + std::string(70'000, 'x') + "\":1}"), "geojson_text");
  EXPECT_EQ(checked(R"({"features":[{"properties":{"a":[)" + repeated("0,", 20'000)), "geojson_values f: feature 1");
}

}  // namespace
}  // namespace catchment::datasets
