const { SETUP } = process.env;

export default { testMatch: ['**/*.case.js'], transform: {}, setupFilesAfterEnv: SETUP ? [SETUP] : [] };
