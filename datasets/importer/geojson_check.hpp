// A GeoJSON text gone over while it streams by, before anybody builds a tree of it: strict JSON within limits, in
// memory that does not grow with the file. What is refused is refused where it stands, so a file of gigabytes costs
// what comes before its first fault.
//
//   GeoJsonCheck check("zones.geojson");
//   while (...) check.read(block);
//   const GeoJsonFacts facts = check.end();
//
// One value, or several one after the other with or without RS between them (GeoJSON text sequences).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::datasets {

struct GeoJsonLimits {
  std::size_t depth = 16;             // of objects and arrays within one another
  std::int64_t vertices = 2'000'000;  // of the file
  std::int64_t ring = 200'000;        // of one ring or line
  std::int64_t values = 10'000;       // of one feature beside its coordinates
  std::size_t text = 64 * 1024;       // bytes of one text; the words of a zone are long
  std::size_t members = 256;          // of one object
};

struct GeoJsonFacts {
  bool has_crs = false;  // the outermost object has a "crs" member
};

class GeoJsonCheck {
 public:
  // `name`: of the file, as complaints name it.
  explicit GeoJsonCheck(std::string name, const GeoJsonLimits& limits = {});

  // The next bytes. Throws InputError with where = "name: feature 3, vertex 17" (as far as it got; counted from 1):
  // geojson_syntax, geojson_depth, geojson_vertices (of file or ring), geojson_vertex (more than four numbers),
  // geojson_values, geojson_text (too long), geojson_utf8, geojson_number (too long, or too large for a double),
  // geojson_member (twice in one object, or too many).
  void read(std::string_view bytes);
  // Throws InputError source_damaged where the text is not at its end, geojson_syntax where there was none.
  GeoJsonFacts end();

 private:
  enum class Expect : std::uint8_t { value, value_or_end, key, key_or_end, colon, comma_or_end };
  enum class Token : std::uint8_t { none, text, number, word };
  struct Frame {
    bool object = false;
    bool coordinates = false;  // an array of coordinates, or within one
    bool features = false;     // the array of features
    std::int64_t children = 0;
    std::vector<std::uint64_t> members;  // hashes of their names
  };

  [[noreturn]] void refuse(const char* code, const std::string& message) const;
  void step(char c);
  void open(bool object);
  void close(bool object);
  void begin_value(bool number);
  void end_value();
  void separate();

  void begin_text();
  std::size_t take_plain(std::string_view bytes);  // what of a text needs no second look
  std::size_t take_digits(std::string_view bytes);
  void text_byte(unsigned char c);
  void text_escape(char c);
  void text_unit(unsigned unit);
  void put_code_point(std::uint32_t point);
  void put(unsigned char c);
  void check_utf8(unsigned char c);
  void end_text();
  void end_member();
  void end_number();
  void end_word();
  void finish_token();

  std::string name_;
  GeoJsonLimits limits_;
  std::vector<Frame> frames_;
  Expect expect_ = Expect::value;
  Token token_ = Token::none;

  std::string short_;       // a number, a word, or the beginning of a text
  std::size_t length_ = 0;  // of the text
  std::uint64_t hash_ = 0;
  bool is_key_ = false;
  int escape_ = 0;  // 0 none, 1 after a backslash, 2 to 5 in \uXXXX
  unsigned unit_ = 0;
  unsigned high_ = 0;  // a high surrogate that waits for its low one
  int utf8_left_ = 0;
  unsigned char utf8_low_ = 0x80, utf8_high_ = 0xBF;
  std::string key_;  // the member at hand, if its name is a short one

  std::size_t mark_ = 0;  // bytes read of a byte order mark
  std::int64_t roots_ = 0, features_ = 0, vertices_ = 0, of_feature_ = 0, values_ = 0;
  bool has_crs_ = false;
};

}  // namespace catchment::datasets
