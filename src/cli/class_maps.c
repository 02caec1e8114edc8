#define _GNU_SOURCE /* alphasort, scandir */
#include "cli/class_maps.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/json.h"

#ifndef MW_DATA_DIR
#define MW_DATA_DIR "/usr/local/share/maskweight"
#endif

enum { NAMES = 64, FILE_LIMIT = 1 << 20 };

static bool is_directory(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Beside the program in the source tree, in the installation that the program belongs to, or where it
 * was meant to be installed. */
bool mw_class_maps_directory(struct mw_text *path) {
    static const char *const beside[] = {"/../share/maskweight/class-maps", "/../data/class-maps",
                                         "/../../data/class-maps"};
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = '\0';
        *strrchr(program, '/') = '\0';
        for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
            mw_text_clear(path);
            mw_text_print(path, "%s%s", program, beside[i]);
            if (!path->failed && is_directory(path->data)) return true;
        }
    }
    mw_text_clear(path);
    mw_text_print(path, "%s/class-maps", MW_DATA_DIR);
    return !path->failed && is_directory(path->data);
}

/* The names in the directory, sorted, without their suffix. They are the caller's. */
static size_t read_names(const char *directory, char *names[NAMES]) {
    static const char suffix[] = ".json";
    struct dirent **entries = NULL;
    size_t count = 0;
    int found = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        const char *name = entries[i]->d_name, *end = strstr(name, suffix);
        if (end && name[0] != '.' && count < NAMES)
            names[count++] = strndup(name, (size_t)(end - name));
        free(entries[i]);
    }
    free(entries);
    return count;
}

static void free_names(char *names[NAMES], size_t count) {
    for (size_t i = 0; i < count; i++) free(names[i]);
}

enum mw_status mw_class_map_find(const char *name, struct mw_text *path, struct mw_error *err) {
    struct stat info;
    struct mw_text directory = {0};
    enum mw_status status = MW_OK;
    bool exists = stat(name, &info) == 0, file = exists && !S_ISDIR(info.st_mode);
    bool is_name = !file && !strpbrk(name, "./") && mw_class_maps_directory(&directory);
    if (is_name) mw_text_print(path, "%s/%s.json", directory.data, name);
    bool found = is_name && !path->failed && stat(path->data, &info) == 0;
    if (is_name && !found && !exists) {
        char *names[NAMES];
        size_t count = read_names(directory.data, names);
        status = mw_error_unknown(err, "--class-map: no such file, and as a name", name, names,
                                  count, sizeof names[0], "");
        free_names(names, count);
    } else if (!found) {
        mw_text_clear(path);
        mw_text_print(path, "%s", name); /* what is wrong with it, opening it says */
    }
    mw_text_free(&directory);
    return status ? status : path->failed ? mw_error_memory(err) : MW_OK;
}

enum mw_status mw_class_map_read(struct mw_labels *labels, const char *name, size_t limit,
                                 struct mw_error *err) {
    struct mw_text path = {0};
    enum mw_status status = mw_class_map_find(name, &path, err);
    if (!status) status = mw_labels_read_class_map(labels, path.data, limit, err);
    mw_text_free(&path);
    return status;
}

/* Appends the file of a map. */
static enum mw_status slurp_map(const char *directory, const char *name, struct mw_text *content,
                                struct mw_error *err) {
    struct mw_text path = {0};
    mw_text_print(&path, "%s/%s.json", directory, name);
    enum mw_status status = path.failed ? mw_error_memory(err)
                                        : mw_bytes_slurp_path(path.data, FILE_LIMIT, content, err);
    mw_text_free(&path);
    return status;
}

/* One line: the name and the "source" of the file. */
static enum mw_status add_line(const char *directory, const char *name, struct mw_text *text,
                               struct mw_error *err) {
    struct mw_text content = {0};
    cJSON *root = NULL;
    const char *source;
    enum mw_status status = slurp_map(directory, name, &content, err);
    if (!status && content.data) status = mw_json_parse(content.data, content.length, &root, err);
    if (!status) status = mw_json_string(root, "source", &source, err);
    if (!status) mw_text_print(text, "%-20s %s\n", name, source);
    cJSON_Delete(root);
    mw_text_free(&content);
    return status;
}

enum mw_status mw_class_maps_list(struct mw_text *text, struct mw_error *err) {
    struct mw_text directory = {0};
    char *names[NAMES];
    if (!mw_class_maps_directory(&directory)) {
        mw_text_free(&directory);
        return mw_error_system(err, ENOENT, "%s/class-maps", MW_DATA_DIR);
    }
    size_t count = read_names(directory.data, names);
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = add_line(directory.data, names[i], text, err);
    free_names(names, count);
    mw_text_free(&directory);
    return status;
}

static enum mw_status read_map(const char *directory, const char *name, struct mw_class_map *map,
                               struct mw_error *err) {
    struct mw_text content = {0};
    enum mw_status status = slurp_map(directory, name, &content, err);
    if (!status && content.data)
        status = mw_class_map_parse(map, content.data, content.length, err);
    mw_text_free(&content);
    return status;
}

/* Every map of the directory; what is none is passed over. */
static enum mw_status read_maps(const char *directory, struct mw_known_maps *maps,
                                struct mw_error *err) {
    char *names[NAMES];
    size_t count = read_names(directory, names);
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < count; i++) {
        struct mw_class_map map = {0};
        enum mw_status read = status ? status : read_map(directory, names[i], &map, err);
        if (read == MW_NO_MEMORY) status = read;
        if (read) {
            mw_class_map_free(&map);
            free(names[i]);
        } else {
            maps->list[maps->count++] = (struct mw_known_map){names[i], map};
        }
    }
    return status;
}

enum mw_status mw_class_maps_read(struct mw_known_maps *maps, struct mw_error *err) {
    struct mw_text directory = {0};
    enum mw_status status = MW_OK;
    maps->list = calloc(NAMES, sizeof *maps->list);
    if (!maps->list) return mw_error_memory(err);
    if (mw_class_maps_directory(&directory)) status = read_maps(directory.data, maps, err);
    mw_text_free(&directory);
    return status;
}
