// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "platform/installkind.h"

#include "platform/process.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <sys/statvfs.h>

namespace Freshen::Platform {

namespace {

constexpr auto askLimit = std::chrono::seconds(5);

std::string escapedForGlob(const std::string &path)
{
    std::string escaped;
    for (const char c : path) {
        if (c == '*' || c == '?' || c == '[' || c == '\\')
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

// "notes:amd64: /opt/notes" names the one owner. What has several belongs to none of them alone:
// "a, b: /usr/lib". Nor do "diversion by a from: /usr/bin/b" and its like name an owner.
std::string ownerFromDpkg(const std::string &line)
{
    const std::string name = line.substr(0, line.find(": /"));
    const bool isOwner = name.size() < line.size() && name.find(' ') == std::string::npos;
    return isOwner ? name.substr(0, name.find(':')) : std::string();
}

struct PackageManager {
    InstallKind kind;
    std::vector<const char *> databases; // one of them is there where it is in use
    std::vector<std::string> question; // ends with the path
    std::string (*toPattern)(const std::string &path);
    std::string (*ownerFrom)(const std::string &line);
};

const std::vector<PackageManager> &packageManagers()
{
    static const std::vector<PackageManager> managers{
        {InstallKind::Debian,
         {"var/lib/dpkg"},
         {"/usr/bin/dpkg-query", "--search"},
         escapedForGlob,
         ownerFromDpkg},
        {InstallKind::Rpm,
         {"usr/lib/sysimage/rpm", "var/lib/rpm"},
         {"/usr/bin/rpm", "--query", "--queryformat", "%{NAME}\\n", "--file"},
         [](const std::string &path) { return path; },
         [](const std::string &line) { return line; }},
    };
    return managers;
}

// One look at one app.
class OriginSearch
{
public:
    OriginSearch(const fs::path &app, const OriginProbe &probe)
        : m_probe(probe)
        , m_root(probe.root)
        , m_app(resolved(app))
    {
    }

    InstallOrigin run() const
    {
        for (const auto look :
             {&OriginSearch::insideAppImage, &OriginSearch::flatpak, &OriginSearch::snap,
              &OriginSearch::package, &OriginSearch::readOnly}) {
            if (const auto origin = (this->*look)())
                return *origin;
        }
        return {};
    }

    std::optional<AppImage> appImage() const
    {
        const fs::path file = m_probe.environment("APPIMAGE");
        const fs::path mount = m_probe.environment("APPDIR");
        if (file.empty() || !isIn(mount))
            return {};
        return AppImage{file, mount};
    }

private:
    using Found = std::optional<InstallOrigin>;

    // The real place of a path of the system, links resolved.
    fs::path resolved(const fs::path &path) const
    {
        std::error_code error;
        const fs::path real = fs::weakly_canonical(m_root / path.relative_path(), error);
        return real.has_filename() ? real : real.parent_path();
    }

    bool exists(const fs::path &path) const
    {
        std::error_code error;
        return fs::exists(m_root / path, error);
    }

    // Whether the app is that folder or lies in it. The root, a service's home, says nothing.
    bool isIn(const fs::path &folder) const
    {
        if (!folder.is_absolute() || !folder.has_relative_path())
            return false;
        const fs::path real = resolved(folder);
        return std::mismatch(real.begin(), real.end(), m_app.begin(), m_app.end()).first
            == real.end();
    }

    // The folder that somebody who replaces the app writes to.
    fs::path place() const
    {
        std::error_code error;
        return fs::is_regular_file(m_app, error) ? m_app.parent_path() : m_app;
    }

    // The app's path as the system's own programs know it.
    fs::path systemPath() const { return "/" / m_app.lexically_relative(resolved({})); }

    Found insideAppImage() const
    {
        const auto image = appImage();
        if (!image)
            return {};
        return InstallOrigin{InstallKind::AppImage, image->file.filename().string()};
    }

    // Inside a sandbox its app is at /app; what lies elsewhere is not Flatpak's.
    Found flatpak() const
    {
        const auto info = readFile(m_root / ".flatpak-info");
        if (!info || !isIn("/app"))
            return {};
        std::istringstream lines(*info);
        bool isApplication = false;
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with('['))
                isApplication = line == "[Application]";
            else if (isApplication && line.starts_with("name="))
                return InstallOrigin{InstallKind::Flatpak, line.substr(5)};
        }
        return InstallOrigin{InstallKind::Flatpak, {}};
    }

    Found snap() const
    {
        if (isIn(m_probe.environment("SNAP")))
            return InstallOrigin{InstallKind::Snap, m_probe.environment("SNAP_NAME")};
        if (!isIn("/snap"))
            return {};
        const fs::path inside = m_app.lexically_relative(resolved("/snap"));
        return InstallOrigin{InstallKind::Snap, inside.begin()->string()};
    }

    bool mayBePackaged() const
    {
        const std::string temporary = m_probe.environment("TMPDIR");
        if (isIn(m_probe.environment("HOME")) || isIn(temporary.empty() ? "/tmp" : temporary))
            return false;
        return isIn("/usr") || isIn("/opt") || !isWritableDirectory(place());
    }

    Found package() const
    {
        if (!mayBePackaged())
            return {};
        for (const PackageManager &manager : packageManagers()) {
            const bool isUsed = std::any_of(manager.databases.begin(), manager.databases.end(),
                                            [this](const char *path) { return exists(path); });
            if (!isUsed)
                continue;
            // The description first: a folder may have many owners.
            for (const fs::path &path : {systemPath() / "freshen.json", systemPath()}) {
                if (const std::string owner = ownerOf(path, manager); !owner.empty())
                    return InstallOrigin{manager.kind, owner};
            }
        }
        return {};
    }

    // Empty unless the answer is one line with one owner.
    std::string ownerOf(const fs::path &path, const PackageManager &manager) const
    {
        std::vector<std::string> command = manager.question;
        command.push_back(manager.toPattern(path.string()));
        std::string answer = m_probe.ask(command).value_or(std::string());
        if (answer.ends_with('\n'))
            answer.pop_back();
        return answer.find('\n') == std::string::npos ? manager.ownerFrom(answer) : std::string();
    }

    // An overlay tells what can be done with it, whatever the layers below it are.
    Found readOnly() const
    {
        struct statvfs status = {};
        if (::statvfs(m_app.c_str(), &status) != 0 || !(status.f_flag & ST_RDONLY))
            return {};
        return InstallOrigin{InstallKind::ReadOnly, {}};
    }

    const OriginProbe &m_probe;
    const fs::path m_root;
    const fs::path m_app;
};

} // namespace

std::string environmentValue(const std::string &name)
{
    const char *value = std::getenv(name.c_str());
    return value ? value : "";
}

// The environment is ours, so that neither language nor settings change the answer.
Result<std::string> askProgram(const std::vector<std::string> &command)
{
    StartRequest request;
    request.program = command.front();
    request.arguments.assign(command.begin() + 1, command.end());
    request.environment = {"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"};
    return readOutput(std::move(request), Clock::now() + askLimit);
}

InstallOrigin originOf(const fs::path &app, const OriginProbe &probe)
{
    return OriginSearch(app, probe).run();
}

std::optional<AppImage> appImageOf(const fs::path &program, const OriginProbe &probe)
{
    return OriginSearch(program, probe).appImage();
}

} // namespace Freshen::Platform
