#include "tests/bench/http_load/request_mix.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace catchment::bench {
namespace {

std::string_view column_of(std::string_view row, int column) {
  for (; column > 1; --column) {
    const std::size_t end = row.find('\t');
    if (end == std::string_view::npos) return {};
    row.remove_prefix(end + 1);
  }
  return row.substr(0, row.find('\t'));
}

std::string with_blanks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool blank = text.substr(i, 2) == "\\s";
    out += blank ? ' ' : text[i];
    i += blank;
  }
  return out;
}

}  // namespace

std::vector<RequestMix::Piece> RequestMix::cut(std::string_view text) {
  std::vector<Piece> pieces(1);
  while (!text.empty()) {
    const bool slot =
        text.size() >= 3 && text[0] == '{' && text[2] == '}' && (text[1] == 'n' || (text[1] >= '1' && text[1] <= '9'));
    if (slot) {
      pieces.back().slot = text[1] == 'n' ? kNumber : text[1] - '0';
      pieces.emplace_back();
    } else {
      pieces.back().text += text.front();
    }
    text.remove_prefix(slot ? 3 : 1);
  }
  return pieces;
}

RequestMix::Line RequestMix::parse(const std::string& source) {
  std::istringstream in(source);
  std::string method, path, word, head, body;
  Line line;
  if (!(in >> line.weight >> method >> path) || line.weight < 1)
    throw std::runtime_error("no weight, method and path: " + source);
  head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
  while (in >> word) {
    if (word == "<") {
      std::getline(in >> std::ws, body);
      break;
    }
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) throw std::runtime_error("no Name:value: " + word);
    head.append(word, 0, colon)
        .append(": ")
        .append(with_blanks(std::string_view(word).substr(colon + 1)))
        .append("\r\n");
  }
  line.name = method + " " + path;
  line.has_body = !body.empty() || method != "GET";
  line.head = cut(head), line.body = cut(body);
  return line;
}

RequestMix::RequestMix(const std::string& requests, const std::string& rows) {
  std::ifstream in(requests);
  if (requests.empty()) lines_.push_back(parse("1 GET /"));
  for (std::string text; std::getline(in, text);) {
    if (!text.empty() && text.front() != '#') lines_.push_back(parse(text));
  }
  if (lines_.empty()) throw std::runtime_error("no requests in " + requests);
  std::ifstream more(rows);
  for (std::string text; std::getline(more, text);) rows_.push_back(text);
  if (!rows.empty() && rows_.empty()) throw std::runtime_error("no rows in " + rows);

  for (std::size_t i = 0; i < lines_.size(); ++i)
    order_.insert(order_.end(), static_cast<std::size_t>(lines_[i].weight), i);
  std::uint64_t state = 1;  // spread evenly, the same way each time
  for (std::size_t i = order_.size(); i > 1; --i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    std::swap(order_[i - 1], order_[(state >> 33) % i]);
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  run_ = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) % 100'000'000;
}

void RequestMix::append(const std::vector<Piece>& pieces, std::uint64_t n, std::string& out) const {
  for (const Piece& piece : pieces) {
    out += piece.text;
    if (piece.slot == kNumber) {
      std::array<char, 32> number{};
      std::snprintf(number.data(), number.size(), "%08llu%010llu", static_cast<unsigned long long>(run_),
                    static_cast<unsigned long long>(n));
      out += number.data();
    } else if (piece.slot != kNone && !rows_.empty()) {
      out += column_of(rows_[n % rows_.size()], piece.slot);
    }
  }
}

void RequestMix::write(std::uint64_t n, std::string& out) {
  const Line& line = lines_[line_of(n)];
  out.clear();
  append(line.head, n, out);
  if (line.has_body) {
    body_.clear();
    append(line.body, n, body_);
    out.append("Content-Length: ").append(std::to_string(body_.size())).append("\r\n\r\n").append(body_);
  } else {
    out += "\r\n";
  }
}

}  // namespace catchment::bench
