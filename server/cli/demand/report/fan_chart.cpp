#include "server/cli/demand/report/fan_chart.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "server/cli/report/html.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli::report {
namespace {

using engine::demand::Estimate;

constexpr double kWidth = 360, kHeight = 210;
constexpr double kLeft = 46, kRight = 12, kTop = 10, kBottom = 26;
constexpr int kMostPast = 10;  // years of the past shown
constexpr int kMostYearLabels = 6;
constexpr double kFromZero = 0.6;  // a series that falls below this share of its highest value is shown from 0

std::string at(double x, double y) { return fixed(x, 1) + " " + fixed(y, 1); }

// A step of 1, 2 or 5 times a power of ten that cuts the range into at most five.
double step_for(double range) {
  double step = std::pow(10, std::floor(std::log10(std::max(range, 1.0) / 5)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (range / (step * factor) <= 5) return std::max(1.0, step * factor);
  }
  return step * 10;
}

class Chart {
 public:
  explicit Chart(const Series& series) : s_(series) {
    first_ = last_ = s_.base_year;
    for (const auto& [year, value] : s_.past) {
      if (year <= s_.base_year - kMostPast) continue;
      past_.push_back({year, value});
      first_ = std::min(first_, year);
    }
    last_ = s_.base_year + static_cast<int>(s_.to_come.size());
    find_scale();
  }

  std::string draw() {
    out_ = "<svg class=\"fan\" viewBox=\"0 0 " + fixed(kWidth, 0) + " " + fixed(kHeight, 0) +
           "\" role=\"img\" aria-label=\"" + escape(spoken()) + "\">\n";
    draw_grid();
    for (std::size_t level = 3; level-- > 0;) draw_band(level);
    draw_seats();
    draw_median();
    for (const auto& [year, value] : past_) {
      out_ += "<circle class=\"past\" cx=\"" + fixed(x(year), 1) + "\" cy=\"" + fixed(y(value), 1) + "\" r=\"2.6\"/>";
    }
    return out_ + "\n</svg>\n";
  }

 private:
  void find_scale() {
    double high = 1, low = 1e18;
    const auto see = [&](double v) { high = std::max(high, v), low = std::min(low, v); };
    for (const auto& [year, value] : past_) see(value);
    for (const Estimate& e : s_.to_come) see(e.low[2]), see(e.high[2]);
    for (const auto& [year, value] : s_.seats) see(value);
    const double from = low < kFromZero * high ? 0 : low;
    step_ = step_for(high - from);
    bottom_ = std::floor(from / step_) * step_;
    top_ = std::max(std::ceil(high / step_) * step_, bottom_ + step_);
  }

  double x(double year) const {
    return kLeft + (year - first_) / std::max(1.0, static_cast<double>(last_ - first_)) * (kWidth - kLeft - kRight);
  }
  double y(double value) const {
    return kHeight - kBottom - (value - bottom_) / (top_ - bottom_) * (kHeight - kTop - kBottom);
  }

  void draw_grid() {
    for (double v = bottom_; v <= top_ + step_ / 2; v += step_) {
      const std::string height = fixed(y(v), 1);
      out_ += "<path class=\"grid\" d=\"M" + fixed(kLeft, 0) + " " + height + "H" + fixed(kWidth - kRight, 0) +
              "\"/><text class=\"tick\" x=\"" + fixed(kLeft - 5, 0) + "\" y=\"" + fixed(y(v) + 4, 1) +
              "\" text-anchor=\"end\">" + whole(v) + "</text>";
    }
    const int every = std::max(1, (last_ - first_ + kMostYearLabels - 1) / kMostYearLabels);
    for (int year = s_.base_year % every; year <= last_; year += every) {
      if (year < first_) continue;
      const char* anchor = year == last_ ? "end" : "middle";
      const double shift = year == last_ ? kRight - 2 : 0;
      out_ += "<text class=\"tick\" x=\"" + fixed(x(year) + shift, 1) + "\" y=\"" + fixed(kHeight - 8, 0) +
              "\" text-anchor=\"" + anchor + "\">" + std::to_string(year) + "</text>";
    }
    out_ += "<path class=\"now\" d=\"M" + fixed(x(s_.base_year), 1) + " " + fixed(kTop, 0) + "V" +
            fixed(kHeight - kBottom, 0) + "\"/>\n";
  }

  // The last year of the past, where the fan opens, if it is the base year.
  const std::pair<int, double>* start() const {
    return !past_.empty() && past_.back().first == s_.base_year ? &past_.back() : nullptr;
  }

  void draw_band(std::size_t level) {
    if (s_.to_come.empty()) return;
    std::string path;
    if (start() != nullptr) path = at(x(start()->first), y(start()->second)) + "L";
    for (std::size_t i = 0; i < s_.to_come.size(); ++i) path += at(x(year_of(i)), y(s_.to_come[i].high[level])) + "L";
    for (std::size_t i = s_.to_come.size(); i-- > 0;) {
      path += at(x(year_of(i)), y(s_.to_come[i].low[level])) + (i > 0 ? "L" : "Z");
    }
    out_ += "<path class=\"b" + std::to_string(level) + "\" d=\"M" + path + "\"/>";
  }

  void draw_median() {
    std::string path;
    if (start() != nullptr) path = at(x(start()->first), y(start()->second));
    for (std::size_t i = 0; i < s_.to_come.size(); ++i) {
      path += (path.empty() ? "" : "L") + at(x(year_of(i)), y(s_.to_come[i].median));
    }
    if (!path.empty()) out_ += "<path class=\"median\" d=\"M" + path + "\"/>";
  }

  void draw_seats() {
    std::string path;
    for (const auto& [year, value] : s_.seats) {
      if (year < first_ || year > last_) continue;
      const double from = std::max(x(first_), x(year - 0.5)), to = std::min(x(last_), x(year + 0.5));
      path += (path.empty() ? "M" : "L") + at(from, y(value)) + "H" + fixed(to, 1);
    }
    if (!path.empty()) out_ += "<path class=\"seats\" d=\"" + path + "\"/>";
  }

  double year_of(std::size_t i) const { return s_.base_year + 1 + static_cast<double>(i); }

  std::string spoken() const {
    std::string text = s_.title;
    if (start() != nullptr) text += "：" + std::to_string(s_.base_year) + "年 " + whole(start()->second) + "人";
    for (const std::size_t i : {std::size_t{0}, s_.to_come.size() / 2, s_.to_come.size() - 1}) {
      if (i >= s_.to_come.size() || (i == 0 && s_.to_come.empty())) continue;
      const Estimate& e = s_.to_come[i];
      text +=
          "；" + fixed(year_of(i), 0) + "年 " + whole(e.median) + "人（九成可能 " + span_of(e.low[2], e.high[2]) + "）";
    }
    if (!s_.seats.empty()) text += "；学位 " + whole(s_.seats.back().second);
    return text;
  }

  const Series& s_;
  std::vector<std::pair<int, double>> past_;
  int first_ = 0, last_ = 0;
  double bottom_ = 0, top_ = 1, step_ = 1;
  std::string out_;
};

}  // namespace

std::string fan_chart(const Series& series) { return Chart(series).draw(); }

std::string sparkline(const Series& series) {
  constexpr double kLong = 120, kTall = 26, kEdge = 3;
  std::vector<std::pair<int, double>> points;
  for (const auto& point : series.past) {
    if (point.first > series.base_year - kMostPast) points.push_back(point);
  }
  const std::size_t past = points.size();
  for (std::size_t i = 0; i < series.to_come.size(); ++i) {
    points.push_back({series.base_year + 1 + static_cast<int>(i), series.to_come[i].median});
  }
  if (points.size() < 2) return {};
  double high = 1;
  for (const auto& [year, value] : points) high = std::max(high, value);
  const double years = std::max(1, points.back().first - points.front().first);
  const auto place = [&](std::size_t i) {
    return at(kEdge + (points[i].first - points.front().first) / years * (kLong - 2 * kEdge),
              kTall - kEdge - points[i].second / high * (kTall - 2 * kEdge));
  };
  const auto line = [&](const char* name, std::size_t from, std::size_t to) {
    if (to < from + 2) return std::string();
    std::string path = "M" + place(from);
    for (std::size_t i = from + 1; i < to; ++i) path += "L" + place(i);
    return std::string("<path class=\"") + name + "\" d=\"" + path + "\"/>";
  };
  return "<svg class=\"spark\" viewBox=\"0 0 120 26\" role=\"img\" aria-label=\"" +
         escape(series.title + "：" + std::to_string(points.front().first) + "年 " + whole(points.front().second) +
                "，" + std::to_string(points.back().first) + "年 " + whole(points.back().second)) +
         "\">" + line("sp", 0, past) + line("sf", past == 0 ? 0 : past - 1, points.size()) + "</svg>";
}

std::string fan_legend() {
  const auto key = [](const std::string& mark, const char* chinese, const char* english) {
    return "<li><svg viewBox=\"0 0 30 14\" aria-hidden=\"true\">" + mark + "</svg>" + both(chinese, english) + "</li>";
  };
  return "<ul class=\"legend\">" + key("<circle class=\"past\" cx=\"15\" cy=\"7\" r=\"3\"/>", "历年实际", "observed") +
         key("<path class=\"median\" d=\"M1 7H29\"/>", "预测中位数", "median forecast") +
         key("<path class=\"b0\" d=\"M1 1H29V13H1Z\"/>", "五成可能", "50% interval") +
         key("<path class=\"b1\" d=\"M1 1H29V13H1Z\"/>", "八成可能", "80%") +
         key("<path class=\"b2\" d=\"M1 1H29V13H1Z\"/>", "九成可能", "90%") +
         key("<path class=\"seats\" d=\"M1 7H29\"/>", "可用学位", "seats") + "</ul>\n";
}

}  // namespace catchment::cli::report
