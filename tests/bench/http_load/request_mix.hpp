// What a load asks for: lines of a file, each as often as its weight says.
//   weight method path [Name:value ...] [< body]
// In path, values and body {n} becomes the request's number, different in every run (for Idempotency-Key), and {1} to
// {9} the columns of a row of another file (TAB between them), the next one each time. "\s" in a value is a blank.
// Lines with # are remarks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::bench {

class RequestMix {
 public:
  // Throws std::runtime_error. No file of requests: GET /; no rows: {1} and its like are empty.
  RequestMix(const std::string& requests, const std::string& rows);

  std::size_t lines() const { return lines_.size(); }
  const std::string& name(std::size_t line) const { return lines_[line].name; }
  std::size_t line_of(std::uint64_t n) const { return order_[n % order_.size()]; }
  // The n-th request's bytes in place of `out`.
  void write(std::uint64_t n, std::string& out);

 private:
  struct Piece {
    std::string text;
    int slot = kNone;  // what follows the text
  };
  static constexpr int kNone = -1, kNumber = 0;
  struct Line {
    int weight = 1;
    std::string name;
    std::vector<Piece> head, body;
    bool has_body = false;
  };
  static Line parse(const std::string& source);
  static std::vector<Piece> cut(std::string_view text);
  void append(const std::vector<Piece>& pieces, std::uint64_t n, std::string& out) const;

  std::vector<Line> lines_;
  std::vector<std::size_t> order_;
  std::vector<std::string> rows_;
  std::uint64_t run_ = 0;
  std::string body_;
};

}  // namespace catchment::bench
