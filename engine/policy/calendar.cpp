#include "engine/policy/calendar.hpp"

#include <algorithm>

namespace catchment::engine::policy {
namespace {

Stretch stretch_of(const Span& span) {
  return {span.opens_inclusive ? begin_of(span.opens) : end_of(span.opens),
          span.closes_inclusive ? end_of(span.closes) : begin_of(span.closes)};
}

Stretch common_part(const Stretch& a, const Stretch& b) { return {std::max(a.from, b.from), std::min(a.to, b.to)}; }

// The hours of each day within a stretch.
void add_hours(const Stretch& whole, const DailyHours& hours, std::vector<Stretch>& out) {
  const auto last = std::chrono::floor<std::chrono::days>(whole.to);
  for (auto day = std::chrono::floor<std::chrono::days>(whole.from); day <= last; day += std::chrono::days(1)) {
    const Stretch open{Time(day) + std::chrono::minutes(hours.from), Time(day) + std::chrono::minutes(hours.to)};
    const Stretch part = common_part(whole, open);
    if (part.from < part.to) out.push_back(part);
  }
}

// In order, touching ones made one.
void tidy_stretches(std::vector<Stretch>& stretches) {
  std::ranges::sort(stretches, {}, &Stretch::from);
  std::vector<Stretch> out;
  for (const Stretch& next : stretches) {
    if (!out.empty() && next.from <= out.back().to) {
      out.back().to = std::max(out.back().to, next.to);
    } else {
      out.push_back(next);
    }
  }
  stretches = std::move(out);
}

}  // namespace

std::vector<Stretch> stretches_of(const Window& window, const std::string& district) {
  const Stretch whole = stretch_of(window.span);
  std::vector<Stretch> spans;
  if (!window.batched) spans.push_back(whole);
  for (const Batch& batch : window.batches) {
    if (std::ranges::find(batch.districts, district) == batch.districts.end()) continue;
    spans.push_back(common_part(whole, stretch_of(batch.span)));
  }
  std::vector<Stretch> out;
  for (const Stretch& span : spans) {
    if (window.daily) {
      add_hours(span, *window.daily, out);
    } else if (span.from < span.to) {
      out.push_back(span);
    }
  }
  tidy_stretches(out);
  return out;
}

WindowAnswer ask_window(const Window& window, const std::string& district, Time at) {
  const std::vector<Stretch> stretches = stretches_of(window, district);
  if (stretches.empty() && window.batched) return {OpenState::batch_unknown, {}, {}};
  bool was_open = false;
  for (const Stretch& stretch : stretches) {
    if (at < stretch.from) return {was_open ? OpenState::closed : OpenState::before, stretch.from, {}};
    if (at < stretch.to) return {OpenState::open, {}, stretch.to};
    was_open = true;
  }
  return {OpenState::after, {}, {}};
}

std::vector<const Window*> open_windows(const Calendar& calendar, WindowKind kind, const std::string& district,
                                        Time at) {
  std::vector<const Window*> out;
  for (const Window& window : calendar.windows) {
    if (window.kind == kind && ask_window(window, district, at).state == OpenState::open) out.push_back(&window);
  }
  return out;
}

std::optional<bool> is_working_day(const Holidays& holidays, Day day) {
  if (day < holidays.from || day > holidays.to) return std::nullopt;
  if (std::ranges::find(holidays.working, day) != holidays.working.end()) return true;
  const std::chrono::weekday weekday(day);
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
  return std::ranges::none_of(holidays.off, [&](const Holidays::Break& b) { return b.from <= day && day <= b.to; });
}

std::optional<Day> working_days_after(const Holidays& holidays, Day day, int n) {
  while (n > 0) {
    day += std::chrono::days(1);
    const auto working = is_working_day(holidays, day);
    if (!working) return std::nullopt;
    if (*working) --n;
  }
  return day;
}

Due due_of(const Holidays& holidays, const Deadline& deadline, std::optional<Day> event) {
  Due due;
  if (deadline.by) due.end = deadline.by_inclusive ? end_of(*deadline.by) : begin_of(*deadline.by);
  if (deadline.working_days == 0) return due;
  if (!event) {
    due.state = DueState::event_needed;
    return due;
  }
  const auto last = working_days_after(holidays, *event, deadline.working_days);
  if (!last) {
    due.state = DueState::beyond_calendar;
    return due;
  }
  const Time end = end_of(Moment{*last, Moment::kWholeDay});
  due.end = due.end ? std::min(*due.end, end) : end;
  return due;
}

Day completes_years(Day birth, int years) {
  const std::chrono::year_month_day date = std::chrono::year_month_day(birth) + std::chrono::years(years);
  if (date.ok()) return Day(date);
  return Day(date.year() / date.month() / std::chrono::last);
}

std::optional<bool> is_old_enough(const AgeRule& rule, Day birth) {
  if (!rule.cutoff) return std::nullopt;
  const Day day = completes_years(birth, rule.years);
  return rule.cutoff_inclusive ? day <= *rule.cutoff : day < *rule.cutoff;
}

}  // namespace catchment::engine::policy
