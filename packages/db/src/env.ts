/** The surroundings of this process, for the tools that it starts. */
export const processEnvironment: NodeJS.ProcessEnv = process.env;
